import { MINUTE, plus } from '../../../kernel/clocks';
import { type FleetRules } from '../policy/effective-policy';
import { type BudgetLimit, type BudgetView, type StopBudget } from '../policy/stop-budget';
import { allowedOf, type BudgetedWorker, type BudgetScope, fleetScopes, ownScopes } from './budget-scopes';
import { catchUpAt, pauseAt, type ReaperControlState, type StopTake } from './control-state';

/** What runs at the moment, which shares are counted of. */
export interface RunningFleet {
  readonly rules: FleetRules;
  readonly running: readonly BudgetedWorker[];
}

/** While it catches up with what became due in a time without turns, so much is stopped in each minute. */
const CATCH_UP: StopBudget = { stops: null, sharePercent: 10, windowMinutes: 1 };

/**
 * The budgets as they stand at one time. A stop counts for the whole window after it was taken, and one that stands in the
 * future, by the clock of another replica, does as well.
 */
export class StopBudgets {
  private readonly limits = new Map<string, BudgetLimit>();

  constructor(
    private readonly state: ReaperControlState,
    private readonly fleet: RunningFleet,
    private readonly now: Date,
  ) {}

  /** What a stop of this worker would be taken from, and what else holds it off. */
  viewOf(worker: BudgetedWorker): BudgetView {
    const limits = this.scopesOf(worker).map((scope) => this.limitOf(scope));
    return { limits, paused: pauseAt(this.state, this.now), breaker: this.state.breaker };
  }

  /** Those of the fleet, and of all regions and policies of which something runs. */
  all(): BudgetLimit[] {
    for (const worker of this.fleet.running) this.viewOf(worker);
    for (const scope of this.sharedScopes()) this.limitOf(scope);
    return [...this.limits.values()];
  }

  /** Stops within the window of the breaker that a person has not looked at yet, and of how many that ran. */
  breakerCounts(): { readonly stops: number; readonly running: number } {
    const { breakerFrom } = this.state;
    const inWindow = this.within(this.fleet.rules.breakerWindowMinutes);
    const stops = inWindow.filter(({ at }) => breakerFrom === null || at > breakerFrom);
    return { stops: stops.length, running: this.ran(inWindow, () => true) };
  }

  private scopesOf(worker: BudgetedWorker): BudgetScope[] {
    return [...this.sharedScopes(), ...ownScopes(worker, this.fleet.rules)];
  }

  private sharedScopes(): BudgetScope[] {
    const isPaced = catchUpAt(this.state, this.now) !== null;
    const name = 'catch-up';
    return [
      ...fleetScopes(this.fleet.rules),
      ...(isPaced ? [{ key: name, name, budget: CATCH_UP, covers: () => true }] : []),
    ];
  }

  private limitOf(scope: BudgetScope): BudgetLimit {
    const known = this.limits.get(scope.key);
    if (known) return known;
    const { windowMinutes } = scope.budget;
    const taken = this.within(windowMinutes).filter(scope.covers);
    const oldest = Math.min(...taken.map(({ at }) => at.getTime()));
    const limit = {
      scope: scope.name,
      allowed: allowedOf(scope.budget, this.ran(taken, scope.covers)),
      used: taken.length,
      windowMinutes,
      freesAt: taken.length > 0 ? plus(new Date(oldest), windowMinutes * MINUTE) : null,
    };
    this.limits.set(scope.key, limit);
    return limit;
  }

  private within(minutes: number): readonly StopTake[] {
    const after = plus(this.now, -minutes * MINUTE);
    return this.state.takes.filter(({ at }) => at > after);
  }

  /** Those that run, and those that ran until they were stopped within the window. */
  private ran(taken: readonly StopTake[], covers: BudgetScope['covers']): number {
    const ids = new Set(taken.map(({ workerId }) => workerId));
    for (const { id, region, policy } of this.fleet.running) {
      if (covers({ region, policyId: policy?.id ?? null })) ids.add(id);
    }
    return ids.size;
  }
}
