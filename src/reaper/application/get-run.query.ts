import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { ReaperRuns } from '../domain/ports';
import { RunNotFound } from '../domain/reaper-errors';
import { type ReaperRun } from '../domain/reaper-run';

/** @throws RunNotFound */
export class GetRun extends Query<ReaperRun> {
  constructor(readonly runId: string) {
    super();
  }
}

@QueryHandler(GetRun)
export class GetRunHandler implements IQueryHandler<GetRun> {
  constructor(private readonly runs: ReaperRuns) {}

  async execute({ runId }: GetRun): Promise<ReaperRun> {
    const run = await this.runs.find(runId);
    if (!run) throw new RunNotFound(runId);
    return run;
  }
}
