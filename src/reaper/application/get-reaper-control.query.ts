import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { GetActiveWorkers } from '../../workers';
import { catchUpAt, pauseAt } from '../domain/control/control-state';
import { ReaperControls } from '../domain/control/ports';
import { StopBudgets } from '../domain/control/stop-budgets';
import { ReaperRuns } from '../domain/ports';
import { type BudgetLimit, type OpenBreaker, type ReaperPause } from '../domain/policy/stop-budget';
import { FleetSurroundings } from './fleet-surroundings';

/** What holds automatic stops off at the moment, over the whole fleet. Times are fleet time. */
export interface ReaperControlNow {
  readonly at: Date;
  readonly pause: ReaperPause | null;
  readonly breaker: (OpenBreaker & { readonly decisionId: string; readonly workerId: string }) | null;
  /** stops are paced, since no turn was taken for long */
  readonly catchUp: { readonly since: Date; readonly until: Date } | null;
  /** of the fleet, and of each region and policy of which something runs */
  readonly budgets: readonly BudgetLimit[];
  /** when the latest turn began; null: none is kept */
  readonly latestTurnAt: Date | null;
}

export class GetReaperControl extends Query<ReaperControlNow> {}

@QueryHandler(GetReaperControl)
export class GetReaperControlHandler implements IQueryHandler<GetReaperControl> {
  constructor(
    private readonly queries: QueryBus,
    private readonly controls: ReaperControls,
    private readonly surroundings: FleetSurroundings,
    private readonly runs: ReaperRuns,
    private readonly clock: FleetClock,
  ) {}

  async execute(): Promise<ReaperControlNow> {
    const [control, active, latestTurnAt] = await Promise.all([
      this.controls.state(),
      this.queries.execute(new GetActiveWorkers()),
      this.runs.latestTurn({ finished: false }),
    ]);
    const at = this.clock.now();
    const budgets = new StopBudgets(control, this.surroundings.runningOf(active), at).all();
    const { breaker } = control;
    return {
      ...{ at, pause: pauseAt(control, at), breaker, catchUp: catchUpAt(control, at) },
      ...{ budgets, latestTurnAt },
    };
  }
}
