import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  Answers,
  decodeCursor,
  type Page,
  page,
  pageOf,
  pageQuery,
  pathId,
  Problems,
  RequestContext,
  RequiresRole,
} from '../../http';
import { type CommandContext } from '../../kernel/command-context';
import { GetRun } from '../application/get-run.query';
import { ListRuns } from '../application/list-runs.query';
import { RunReaper } from '../application/run-reaper.command';
import { type ReaperRun } from '../domain/reaper-run';
import { reaperRunView, RUN_EXAMPLE } from './reaper-run.view';

const runBody = z
  .strictObject({
    dryRun: z.boolean().default(false).describe('true: judge only, and show what would be done'),
  })
  .meta({ id: 'ReaperRunRequest' });

const position = z.tuple([z.iso.datetime(), z.string()]);

@ApiTags('reaper')
@Controller('api/v1/reaper')
export class ReaperController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post('run')
  @RequiresRole('admin')
  @ApiOperation({ summary: 'Let the reaper take its turn now, or only show what it would do' })
  @Answers(200, reaperRunView, { description: 'The run, finished', example: RUN_EXAMPLE })
  @Problems('reaper-running')
  run(
    @Body({ schema: runBody }) { dryRun }: z.output<typeof runBody>,
    @RequestContext() context: CommandContext,
  ): Promise<ReaperRun> {
    return this.commands.execute(new RunReaper(dryRun, context));
  }

  @Get('runs')
  @RequiresRole('viewer')
  @ApiOperation({ summary: 'What each turn of the reaper saw and did, newest first; kept for 90 days' })
  @Answers(200, pageOf(reaperRunView, 'ReaperRunPage'), {
    description: 'One page of runs',
    example: { items: [RUN_EXAMPLE], nextCursor: null },
  })
  async runs(@Query({ schema: pageQuery }) query: z.output<typeof pageQuery>): Promise<Page<ReaperRun>> {
    const { limit, cursor } = query;
    const after = decodeCursor(cursor, position);
    const rows = await this.queries.execute(
      new ListRuns(limit + 1, after && { startedAt: new Date(after[0]), id: after[1] }),
    );
    return page(rows, limit, ({ startedAt, id }) => [startedAt, id]);
  }

  @Get('runs/:id')
  @RequiresRole('viewer')
  @ApiOperation({ summary: 'One turn of the reaper' })
  @Answers(200, reaperRunView, { description: 'The run', example: RUN_EXAMPLE })
  @Problems('run-not-found')
  oneRun(@Param('id', { schema: pathId }) id: string): Promise<ReaperRun> {
    return this.queries.execute(new GetRun(id));
  }
}
