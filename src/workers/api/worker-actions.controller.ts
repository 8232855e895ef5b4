import { applyDecorators, Body, Controller, Delete, Param, Post, Res } from '@nestjs/common';
import { type Command, CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { type z } from 'zod';
import {
  Answers,
  IfMatch,
  OfWorker,
  pathId,
  type ProblemCode,
  Problems,
  RequestContext,
  RequiresRole,
  WithETag,
} from '../../http';
import { FleetClock, MINUTE, plus } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { InvalidInput } from '../../kernel/domain-error';
import { AcceptCertificate } from '../application/accept-certificate.command';
import { NoteUse } from '../application/note-use.command';
import { ProtectWorker } from '../application/protect-worker.command';
import { SnoozeWorker } from '../application/snooze-worker.command';
import { StartWorker } from '../application/start-worker.command';
import { StopWorker } from '../application/stop-worker.command';
import { TerminateWorker } from '../application/terminate-worker.command';
import { type WorkerState } from '../domain/worker-state';
import {
  certificateBody,
  protectionBody,
  reasonBody,
  snoozeBody,
  stopBody,
  terminateBody,
} from './worker-input.schemas';
import { toView, WORKER_EXAMPLE, workerView, type WorkerView } from './worker.view';

/** The route wants something of the worker; what follows is seen on the worker. */
function Wants(summary: string | Summary, ...problems: ProblemCode[]) {
  const description = 'It is wanted so now, or was already; what follows is seen on the worker';
  return documented(202, typeof summary === 'string' ? { summary } : summary, description, problems);
}

/** What the route does, and what is to be known before it is called. */
interface Summary {
  readonly summary: string;
  readonly description?: string;
}

/** The route changes the worker at once. */
function Changes(summary: string | Summary, ...problems: ProblemCode[]) {
  return documented(
    200,
    typeof summary === 'string' ? { summary } : summary,
    'The worker, changed',
    problems,
  );
}

function documented(status: number, summary: Summary, description: string, problems: ProblemCode[]) {
  return applyDecorators(
    ApiOperation({ ...summary }),
    Answers(status, workerView, { description, example: WORKER_EXAMPLE }),
    Problems('worker-not-found', 'precondition-failed', ...problems),
    WithETag(),
  );
}

@ApiTags('workers')
@Controller('api/v1/workers/:id')
export class WorkerActionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly clock: FleetClock,
  ) {}

  @Post('start')
  @RequiresRole('operator', { orUser: true })
  @OfWorker()
  @Wants('Start a worker', 'invalid-transition', 'version-conflict')
  start(
    @Param('id', { schema: pathId }) id: string,
    @Body({ schema: reasonBody }) body: z.output<typeof reasonBody>,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WorkerView> {
    response.location(`/api/v1/workers/${id}`);
    return this.view(new StartWorker(id, because(context, body.reason), version));
  }

  @Post('stop')
  @RequiresRole('operator')
  @OfWorker()
  @Wants(
    {
      summary: 'Stop a worker; one with running labs only by force',
      description:
        'Forced, its labs are stopped in order and their topologies kept first, for 10 minutes at most (2 where its CML server cannot be used): `forcedStop` tells how far that is, and a start calls it off. `"labs": "cut"` does without, and the labs lose what they had in memory.',
    },
    'labs-running',
    'labs-unknown',
    'invalid-transition',
  )
  stop(
    @Param('id', { schema: pathId }) id: string,
    @Body({ schema: stopBody }) body: z.output<typeof stopBody>,
    @RequestContext() context: CommandContext,
    @IfMatch() expectedRevision: number | null,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WorkerView> {
    response.location(`/api/v1/workers/${id}`);
    const { reason, force } = body;
    const options = { force, cutLabs: body.labs === 'cut', expectedRevision };
    return this.view(new StopWorker(id, because(context, reason), options));
  }

  @Post('terminate')
  @RequiresRole('admin')
  @OfWorker()
  @Wants(
    {
      summary: 'Terminate a worker: its instance and its disks are gone for good',
      description:
        'Topologies of its labs are kept and its licence is given back first, for 30 minutes at most: `termination` tells how far that is. **A worker that is stopped is not started for it: its licence stays in use at Cisco**, as it does where the termination is forced; `termination.warning` says so. Start it first, or give the licence back before it is stopped (`DELETE …/license`).',
    },
    'invalid-transition',
    'version-conflict',
  )
  terminate(
    @Param('id', { schema: pathId }) id: string,
    @Body({ schema: terminateBody }) body: z.output<typeof terminateBody>,
    @RequestContext() context: CommandContext,
    @IfMatch() expectedRevision: number | null,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WorkerView> {
    response.location(`/api/v1/workers/${id}`);
    const { reason, force } = body;
    return this.view(new TerminateWorker(id, because(context, reason), { force, expectedRevision }));
  }

  @Post('snooze')
  @RequiresRole('operator')
  @OfWorker()
  @Changes('Snooze: no automatic stop until a time', 'invalid-transition')
  snooze(
    @Param('id', { schema: pathId }) id: string,
    @Body({ schema: snoozeBody }) body: z.output<typeof snoozeBody>,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<WorkerView> {
    const pointer = body.until ? '/until' : '/minutes';
    const until = body.until ?? plus(this.clock.now(), (body.minutes ?? 0) * MINUTE);
    this.mustBeAhead(pointer, until);
    return this.view(new SnoozeWorker(id, until, because(context, body.reason), version, pointer));
  }

  @Post('keep-alive')
  @RequiresRole('operator', { orUser: true })
  @OfWorker()
  @Changes(
    {
      summary: 'Keep alive: it is in use now',
      description:
        'Counts as activity at this moment, and calls an automatic stop off that is under way; the next run of the reaper takes back what is planned. Snooze it for a stop that is not to come until a time.',
    },
    'invalid-transition',
    'version-conflict',
  )
  keepAlive(
    @Param('id', { schema: pathId }) id: string,
    @Body({ schema: reasonBody }) body: z.output<typeof reasonBody>,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<WorkerView> {
    return this.view(new NoteUse(id, 'keep-alive', because(context, body.reason), version));
  }

  @Delete('snooze')
  @RequiresRole('operator')
  @OfWorker()
  @Changes('Lift a snooze', 'invalid-transition')
  liftSnooze(
    @Param('id', { schema: pathId }) id: string,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<WorkerView> {
    return this.view(new SnoozeWorker(id, null, context, version));
  }

  @Post('protection')
  @RequiresRole('admin')
  @OfWorker()
  @Changes('Protect a worker: no automatic stop until lifted', 'invalid-transition')
  protect(
    @Param('id', { schema: pathId }) id: string,
    @Body({ schema: protectionBody }) body: z.output<typeof protectionBody>,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<WorkerView> {
    const { reason, expiresAt = null } = body;
    if (expiresAt) this.mustBeAhead('/expiresAt', expiresAt);
    return this.view(new ProtectWorker(id, { reason, expiresAt }, because(context, reason), version));
  }

  @Delete('protection')
  @RequiresRole('admin')
  @OfWorker()
  @Changes('Lift the protection', 'invalid-transition')
  liftProtection(
    @Param('id', { schema: pathId }) id: string,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<WorkerView> {
    return this.view(new ProtectWorker(id, null, context, version));
  }

  @Post('certificate')
  @RequiresRole('admin')
  @OfWorker()
  @Changes('Accept a changed TLS certificate, after checking its fingerprint', 'certificate-mismatch')
  acceptCertificate(
    @Param('id', { schema: pathId }) id: string,
    @Body({ schema: certificateBody }) body: z.output<typeof certificateBody>,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<WorkerView> {
    return this.view(new AcceptCertificate(id, body.fingerprint, context, version));
  }

  private async view(command: Command<WorkerState>): Promise<WorkerView> {
    return toView(await this.commands.execute(command), this.clock.now());
  }

  private mustBeAhead(pointer: string, time: Date): void {
    if (time > this.clock.now()) return;
    throw new InvalidInput([{ pointer, message: 'must lie in the future' }]);
  }
}

function because(context: CommandContext, reason: string | undefined): CommandContext {
  return reason === undefined ? context : { ...context, reason };
}
