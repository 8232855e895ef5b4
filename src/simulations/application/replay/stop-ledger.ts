import { allowedOf, type BudgetScope, type FleetRules, opensBreaker, scopesOf } from '../../../reaper';
import { type BreakerOpening } from '../../domain/simulation-result';
import { type DueWorker } from './due-worker';
import { RunningWorkers } from './running-workers';
import { ScopeTally } from './scope-tally';

interface CountedScope {
  readonly scope: BudgetScope;
  readonly tally: ScopeTally;
}

/**
 * The stops of a simulation, in the order of time, and what room the budgets have left, by the rules of the live ones.
 * Where the breaker opens, somebody is taken to look and to resume at once.
 */
export class StopLedger {
  readonly openings: BreakerOpening[] = [];
  readonly running: RunningWorkers;
  private readonly tallies = new Map<string, ScopeTally>();
  private readonly scopes = new Map<string, readonly CountedScope[]>();
  /** of the breaker, over all workers */
  private readonly all: ScopeTally;
  /** so many stops were looked at by people */
  private lookedAt = 0;

  constructor(workers: readonly DueWorker[], rules: FleetRules) {
    this.running = new RunningWorkers(workers, (workerId, runs) => {
      this.all.turned(workerId, runs);
      for (const { tally } of this.scopesOf(workerId)) tally.turned(workerId, runs);
    });
    this.all = this.tallyOf(rules.breakerWindowMinutes);
    for (const worker of workers) {
      const scopes = scopesOf(worker, rules);
      this.scopes.set(
        worker.id,
        scopes.map((scope) => ({ scope, tally: this.tallyIn(scope) })),
      );
    }
  }

  /** The first of its budgets that has no room now; null: all have. */
  fullFor(workerId: string, now: Date): string | null {
    for (const { scope, tally } of this.scopesOf(workerId)) {
      tally.advance(now.getTime());
      if (tally.usedAfter(0) >= allowedOf(scope.budget, tally.ran)) return scope.name;
    }
    return null;
  }

  /** It stands still from now on, until it goes on; null: it does not any more. */
  take(workerId: string, now: Date, goesOnAt: Date | null): void {
    this.lookAtBreaker(now);
    const take = { workerId, at: now.getTime() };
    this.all.take(take);
    for (const { tally } of this.scopesOf(workerId)) tally.take(take);
    this.running.stop(workerId, goesOnAt);
  }

  /** When the oldest stop leaves the window of any of its budgets. Milliseconds since 1970. */
  nextFreeAt(workerId: string): number {
    return Math.min(...this.scopesOf(workerId).map(({ tally }) => tally.freesAt));
  }

  /** The same for workers that are under the same budgets. */
  groupOf(workerId: string): string {
    return this.scopesOf(workerId)
      .map(({ scope }) => scope.key)
      .join('\n');
  }

  /** Before a stop that is about to be taken. */
  private lookAtBreaker(now: Date): void {
    const { all } = this;
    all.advance(now.getTime());
    const [stops, running] = [all.usedAfter(this.lookedAt) + 1, all.ran];
    if (!opensBreaker(stops, running)) return;
    this.openings.push({ at: now, stops, running });
    this.lookedAt = all.total;
  }

  private scopesOf(workerId: string): readonly CountedScope[] {
    return this.scopes.get(workerId) ?? [];
  }

  private tallyIn({ key, budget }: BudgetScope): ScopeTally {
    const tally = this.tallies.get(key) ?? this.tallyOf(budget.windowMinutes);
    this.tallies.set(key, tally);
    return tally;
  }

  private tallyOf(windowMinutes: number): ScopeTally {
    return new ScopeTally(windowMinutes, (workerId) => this.running.runs(workerId));
  }
}
