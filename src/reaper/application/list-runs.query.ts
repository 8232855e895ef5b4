import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { ReaperRuns, type RunPosition } from '../domain/ports';
import { type ReaperRun } from '../domain/reaper-run';

/** Runs of the reaper, newest first. */
export class ListRuns extends Query<ReaperRun[]> {
  constructor(
    readonly limit: number,
    readonly after: RunPosition | null,
  ) {
    super();
  }
}

@QueryHandler(ListRuns)
export class ListRunsHandler implements IQueryHandler<ListRuns> {
  constructor(private readonly runs: ReaperRuns) {}

  execute({ limit, after }: ListRuns): Promise<ReaperRun[]> {
    return this.runs.page(limit, after);
  }
}
