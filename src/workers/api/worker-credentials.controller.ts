import { Body, Controller, Delete, Param, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type z } from 'zod';
import {
  Answers,
  IfMatch,
  OfWorker,
  pathId,
  Problems,
  RequestContext,
  RequiresRole,
  WithETag,
} from '../../http';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { type GivenCredentials, SetCmlCredentials } from '../application/set-cml-credentials.command';
import { credentialsBody } from './worker-input.schemas';
import { toView, WORKER_EXAMPLE, workerView, type WorkerView } from './worker.view';

@ApiTags('workers')
@RequiresRole('admin')
@OfWorker()
@Controller('api/v1/workers/:id/cml-credentials')
export class WorkerCredentialsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly clock: FleetClock,
  ) {}

  @Put()
  @ApiOperation({
    summary: "Ask a worker's CML server by an account of its own",
    description:
      'The password is kept encrypted and never shown. The same account again changes nothing, unless the server refuses it: then it is tried anew at once. ' +
      "Use an account that no person works with: what is done by it counts as the fleet's own and keeps no server from being stopped as idle.",
  })
  @Answers(200, workerView, { description: 'The worker, changed', example: WORKER_EXAMPLE })
  @Problems('worker-not-found', 'precondition-failed', 'invalid-transition', 'version-conflict')
  @WithETag()
  set(
    @Param('id', { schema: pathId }) id: string,
    @Body({ schema: credentialsBody }) body: z.output<typeof credentialsBody>,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<WorkerView> {
    return this.change(id, body, context, version);
  }

  @Delete()
  @ApiOperation({ summary: "Ask a worker's CML server by the account of the fleet again" })
  @Answers(200, workerView, { description: 'The worker, changed', example: WORKER_EXAMPLE })
  @Problems('worker-not-found', 'precondition-failed', 'invalid-transition', 'version-conflict')
  @WithETag()
  clear(
    @Param('id', { schema: pathId }) id: string,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<WorkerView> {
    return this.change(id, null, context, version);
  }

  private async change(
    id: string,
    given: GivenCredentials | null,
    context: CommandContext,
    version: number | null,
  ): Promise<WorkerView> {
    const state = await this.commands.execute(new SetCmlCredentials(id, given, context, version));
    return toView(state, this.clock.now());
  }
}
