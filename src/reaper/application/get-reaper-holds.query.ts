import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { pauseAt } from '../domain/control/control-state';
import { ReaperControls } from '../domain/control/ports';
import { ReaperRuns } from '../domain/ports';

/** What can be told of the reaper without a look at the workers. */
export interface ReaperHolds {
  readonly paused: boolean;
  readonly breakerOpen: boolean;
  /** fleet milliseconds since the latest turn that went to its end was begun; null: none is kept */
  readonly turnAgeMs: number | null;
}

export class GetReaperHolds extends Query<ReaperHolds> {}

@QueryHandler(GetReaperHolds)
export class GetReaperHoldsHandler implements IQueryHandler<GetReaperHolds> {
  constructor(
    private readonly controls: ReaperControls,
    private readonly runs: ReaperRuns,
    private readonly clock: FleetClock,
  ) {}

  async execute(): Promise<ReaperHolds> {
    const [control, latest] = await Promise.all([
      this.controls.state(),
      this.runs.latestTurn({ finished: true }),
    ]);
    const now = this.clock.now();
    return {
      paused: pauseAt(control, now) !== null,
      breakerOpen: control.breaker !== null,
      turnAgeMs: latest && now.getTime() - latest.getTime(),
    };
  }
}
