import { MINUTE, plus } from '../../../kernel/clocks';
import { type FleetRules } from '../effective-policy';
import { type BudgetLimit, type BudgetView, type StopBudget } from '../stop-budget';
import { catchUpAt, pauseAt, type ReaperControlState, type StopTake } from './control-state';

/** A worker, as far as budgets go. */
export interface BudgetedWorker {
  readonly id: string;
  readonly region: string;
  /** the policy that its own budget comes from; null: no such budget */
  readonly policy: { readonly id: string; readonly name: string; readonly budget: StopBudget } | null;
}

/** What runs at the moment, which shares are counted of. */
export interface RunningFleet {
  readonly rules: FleetRules;
  readonly running: readonly BudgetedWorker[];
}

interface Scope {
  /** unique, which names of policies are not */
  readonly key: string;
  readonly name: string;
  readonly budget: StopBudget;
  readonly covers: (stop: { region: string; policyId: string | null }) => boolean;
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
    for (const scope of this.fleetScopes()) this.limitOf(scope);
    return [...this.limits.values()];
  }

  /** Stops within the window of the breaker that a person has not looked at yet, and of how many that ran. */
  breakerCounts(): { readonly stops: number; readonly running: number } {
    const { breakerFrom } = this.state;
    const inWindow = this.within(this.fleet.rules.breakerWindowMinutes);
    const stops = inWindow.filter(({ at }) => breakerFrom === null || at > breakerFrom);
    return { stops: stops.length, running: this.ran(inWindow, () => true) };
  }

  private scopesOf({ region, policy }: BudgetedWorker): Scope[] {
    const scopes = this.fleetScopes();
    const { regionBudget } = this.fleet.rules;
    if (regionBudget) {
      const covers: Scope['covers'] = (stop) => stop.region === region;
      const name = `region ${region}`;
      scopes.push({ key: name, name, budget: regionBudget, covers });
    }
    if (policy) {
      const covers: Scope['covers'] = (stop) => stop.policyId === policy.id;
      scopes.push({ key: `policy ${policy.id}`, name: nameOf(policy), budget: policy.budget, covers });
    }
    return scopes;
  }

  private fleetScopes(): Scope[] {
    const { fleetBudget } = this.fleet.rules;
    const covers = () => true;
    return [
      ...(fleetBudget ? [{ ...named('fleet'), budget: fleetBudget, covers }] : []),
      ...(catchUpAt(this.state, this.now) ? [{ ...named('catch-up'), budget: CATCH_UP, covers }] : []),
    ];
  }

  private limitOf(scope: Scope): BudgetLimit {
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
  private ran(taken: readonly StopTake[], covers: Scope['covers']): number {
    const ids = new Set(taken.map(({ workerId }) => workerId));
    for (const { id, region, policy } of this.fleet.running) {
      if (covers({ region, policyId: policy?.id ?? null })) ids.add(id);
    }
    return ids.size;
  }
}

const named = (name: string) => ({ key: name, name });

/** Two policies may have one name. The id of a worker's own, or of the fleet's, says all that there is to say. */
function nameOf({ id, name }: NonNullable<BudgetedWorker['policy']>): string {
  return id === name || id.startsWith(`${name}-`) ? `policy ${id}` : `policy ${name} (${id})`;
}

/** How many stops a window allows: at least one, or nothing could ever be stopped in a small fleet. */
export function allowedOf({ stops, sharePercent }: StopBudget, ran: number): number {
  const share = sharePercent === null ? Infinity : Math.max(1, Math.ceil((ran * sharePercent) / 100));
  return Math.min(stops ?? Infinity, share);
}
