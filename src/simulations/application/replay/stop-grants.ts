import { type FleetRules } from '../../../reaper';
import { type BreakerOpening, type BudgetHit, type SimulatedStop } from '../../domain/simulation-result';
import { type DueWorker } from './due-worker';
import { simulatedStop } from './simulated-stop';
import { StopLedger } from './stop-ledger';
import { type TickGrid } from './tick-grid';
import { type DueTime } from './worker-replay';

export interface GrantedStops {
  readonly stops: readonly SimulatedStop[];
  readonly budgetHits: readonly BudgetHit[];
  readonly breakerOpenings: readonly BreakerOpening[];
}

interface Waiting {
  readonly worker: DueWorker;
  readonly due: DueTime;
  readonly since: Date;
  readonly scope: string;
}

/**
 * Which of the due stops the budgets let pass, and when: each is taken by the first turn at which all its budgets have
 * room, the workers of one turn in their order. A worker that would stand still is not stopped again before it was really
 * used, or really began to run anew. Where the breaker would open, somebody is taken to look and to resume at once.
 */
export class StopGrants {
  private readonly stops: SimulatedStop[] = [];
  private readonly budgetHits: BudgetHit[] = [];
  private readonly ledger: StopLedger;
  private waiting: Waiting[] = [];

  constructor(
    private readonly workers: readonly DueWorker[],
    rules: FleetRules,
    private readonly grid: TickGrid,
    private readonly end: Date,
  ) {
    this.ledger = new StopLedger(workers, rules);
  }

  run(): GrantedStops {
    const dues = this.workers
      .flatMap((worker) => worker.dues.map((due) => ({ worker, due })))
      .sort((one, other) => one.due.from.getTime() - other.due.from.getTime());
    let place = 0;
    for (let now = dues[0]?.due.from ?? null; now; now = this.next(now, dues[place]?.due.from)) {
      this.ledger.running.advance(now.getTime());
      const again = this.waiting;
      this.waiting = [];
      for (const one of again) this.tryAgain(one, now);
      for (let one = dues[place]; one && one.due.from <= now; one = dues[place]) {
        place += 1;
        this.take(one.worker, one.due, now, null);
      }
    }
    for (const { worker, since, scope } of this.waiting) {
      this.budgetHits.push({ workerId: worker.id, from: since, until: null, scope, lapsed: true });
    }
    const { stops, budgetHits } = this;
    return { stops, budgetHits, breakerOpenings: this.ledger.openings };
  }

  private tryAgain({ worker, due, since, scope }: Waiting, now: Date): void {
    if (due.until && due.until <= now) {
      this.budgetHits.push({ workerId: worker.id, from: since, until: due.until, scope, lapsed: true });
    } else {
      this.take(worker, due, now, { since, scope });
    }
  }

  private take(
    worker: DueWorker,
    due: DueTime,
    now: Date,
    held: Pick<Waiting, 'since' | 'scope'> | null,
  ): void {
    if (this.ledger.running.standsStill(worker.id)) return;
    const full = this.ledger.fullFor(worker.id, now);
    if (full) {
      this.waiting.push({ worker, due, since: held?.since ?? now, scope: held?.scope ?? full });
      return;
    }
    if (held)
      this.budgetHits.push({
        workerId: worker.id,
        from: held.since,
        until: now,
        scope: held.scope,
        lapsed: false,
      });
    const { stop, goesOnAt } = simulatedStop(worker, due, now, this.end);
    this.stops.push(stop);
    this.ledger.take(worker.id, now, goesOnAt);
  }

  /** The next turn at which anything may be otherwise. */
  private next(now: Date, nextDue: Date | undefined): Date | null {
    let next = nextDue?.getTime() ?? Infinity;
    if (this.waiting.length > 0) {
      next = Math.min(next, this.ledger.running.nextChange);
      for (const { worker, due } of this.waiting) {
        next = Math.min(next, due.until?.getTime() ?? Infinity, this.ledger.nextFreeAt(worker.id));
      }
    }
    if (next > this.end.getTime()) return null;
    return new Date(this.grid.atOrAfter(Math.max(next, now.getTime() + 1)));
  }
}
