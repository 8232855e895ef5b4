import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { type z } from 'zod';
import {
  Answers,
  decodeCursor,
  page,
  type Page,
  pathId,
  Problems,
  RequestContext,
  RequiresRole,
} from '../../http';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { toWorkerView, WORKER_EXAMPLE, type WorkerView, workerView } from '../../workers';
import { AdoptOrphan } from '../application/adopt-orphan.command';
import { ListOrphans } from '../application/list-orphans.query';
import { TerminateOrphan } from '../application/terminate-orphan.command';
import * as schemas from './orphans.schemas';

type OrphanView = z.input<typeof schemas.orphanView>;

@ApiTags('orphans')
@Controller('api/v1/orphans')
export class OrphansController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
  ) {}

  @Get()
  @RequiresRole('viewer')
  @ApiOperation({
    summary:
      'List what is left over: instances, volumes and addresses without a worker, and workers without an instance',
    description:
      'Each was seen in two complete listings at least. Nothing is done about them without a person.',
  })
  @Answers(200, schemas.orphanPage, {
    description: 'One page of orphans; those first seen most lately come first',
    example: { items: [schemas.ORPHAN_EXAMPLE], nextCursor: null },
  })
  async list(
    @Query({ schema: schemas.orphansQuery }) query: z.output<typeof schemas.orphansQuery>,
  ): Promise<Page<OrphanView>> {
    const { limit, cursor, kind = null, awsRegion = null } = query;
    const after = decodeCursor(cursor, schemas.orphanPlace);
    const request = { kinds: kind, awsRegions: awsRegion, after, limit: limit + 1 };
    const found = await this.queries.execute(new ListOrphans(request));
    return page(found, limit, ({ firstSeenAt, id }) => ({ firstSeenAt, id }));
  }

  @Post(':id/adopt')
  @RequiresRole('admin')
  @ApiOperation({
    summary: 'Take an instance without a worker under management, as it stands',
    description: 'It is looked at again first; refused where it is no orphan any more.',
  })
  @Answers(201, workerView, { description: 'The worker', example: WORKER_EXAMPLE })
  @Problems(
    ...(['orphan-not-found', 'orphan-not-adoptable', 'orphan-changed', 'already-exists'] as const),
    ...(['managed-elsewhere', 'not-tagged', 'aws-refused', 'aws-unavailable'] as const),
  )
  async adopt(
    @Param('id', { schema: pathId }) id: string,
    @Body({ schema: schemas.adoptBody }) body: z.output<typeof schemas.adoptBody>,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WorkerView> {
    const { name = null, reason } = body;
    const state = await this.commands.execute(new AdoptOrphan(id, name, because(context, reason)));
    response.location(`/api/v1/workers/${state.id}`);
    return toWorkerView(state, this.clock.now());
  }

  @Post(':id/terminate')
  @RequiresRole('admin')
  @ApiOperation({
    summary:
      'End an orphan for good: terminate the instance or the worker, delete the volume, release the address',
    description:
      'It is looked at again first; refused where it is no orphan any more. Who and why is recorded.',
  })
  @Answers(202, schemas.orphanView, {
    description: 'The orphan as it was listed; AWS has accepted its end',
    example: schemas.ORPHAN_EXAMPLE,
  })
  @Problems('orphan-not-found', 'orphan-changed', 'invalid-transition', 'aws-refused', 'aws-unavailable')
  terminate(
    @Param('id', { schema: pathId }) id: string,
    @Body({ schema: schemas.terminateBody }) { reason }: z.output<typeof schemas.terminateBody>,
    @RequestContext() context: CommandContext,
  ): Promise<OrphanView> {
    return this.commands.execute(new TerminateOrphan(id, because(context, reason)));
  }
}

function because(context: CommandContext, reason: string | undefined): CommandContext {
  return reason === undefined ? context : { ...context, reason };
}
