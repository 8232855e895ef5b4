import { type FleetRules } from '../../../reaper';
import { type BreakerOpening, type BudgetHit, type SimulatedStop } from '../../domain/simulation-result';
import { type DueWorker } from './due-worker';
import { simulatedStop } from './simulated-stop';
import { StopLedger } from './stop-ledger';
import { type TickGrid } from './tick-grid';
import { WaitingStops, type WaitingStop } from './waiting-stops';
import { type DueTime } from './worker-replay';

export interface GrantedStops {
  readonly stops: readonly SimulatedStop[];
  readonly budgetHits: readonly BudgetHit[];
  readonly breakerOpenings: readonly BreakerOpening[];
}

/** Lets all else go on for a moment; `now` is how far it is. What it throws ends the run. */
export type Pause = (now: Date) => Promise<void>;

/** Between two pauses: some milliseconds. */
const STEPS_AT_ONCE = 2_000;

/**
 * Which of the due stops the budgets let pass, and when: each is taken by the first turn at which all its budgets have
 * room, the workers of one turn in their order. A worker that would stand still is not stopped again before it was really
 * used, or really began to run anew. Where the breaker would open, somebody is taken to look and to resume at once.
 */
export class StopGrants {
  private readonly stops: SimulatedStop[] = [];
  private readonly budgetHits: BudgetHit[] = [];
  private readonly ledger: StopLedger;
  private readonly waiting: WaitingStops;
  /** since the latest pause */
  private steps = 0;

  constructor(
    private readonly workers: readonly DueWorker[],
    rules: FleetRules,
    private readonly grid: TickGrid,
    private readonly end: Date,
  ) {
    this.ledger = new StopLedger(workers, rules);
    this.waiting = new WaitingStops(workers.flatMap(({ dues }) => dues));
  }

  async run(pause: Pause): Promise<GrantedStops> {
    const dues = this.workers
      .flatMap((worker) => worker.dues.map((due) => ({ worker, due })))
      .sort((one, other) => one.due.from.getTime() - other.due.from.getTime());
    let place = 0;
    for (let now = dues[0]?.due.from ?? null; now; now = this.next(now, dues[place]?.due.from)) {
      this.ledger.running.advance(now.getTime());
      for (const one of this.waiting.lapsedBy(now)) this.noteHeld(one, one.due.until, true);
      this.tryAgain(now);
      for (let one = dues[place]; one && one.due.from <= now; one = dues[place]) {
        place += 1;
        this.take(one.worker, one.due, now);
      }
      if ((this.steps += 1) < STEPS_AT_ONCE) continue;
      this.steps = 0;
      await pause(now);
    }
    for (const one of this.waiting.all) this.noteHeld(one, null, true);
    const { stops, budgetHits } = this;
    return { stops, budgetHits, breakerOpenings: this.ledger.openings };
  }

  /** In their order; a group whose first has no room is passed by as a whole: a stop only takes room from others. */
  private tryAgain(now: Date): void {
    const open = this.waiting.heads.filter(({ worker }) => !this.fullFor(worker, now));
    while (open.length > 0) {
      const index = open.reduce(
        (least, { place }, at) => (place < (open[least]?.place ?? 0) ? at : least),
        0,
      );
      const [first] = open.splice(index, 1);
      if (!first || this.fullFor(first.worker, now)) continue;
      this.noteHeld(first, now, false);
      this.stop(first.worker, first.due, now);
      const next = this.waiting.remove(first);
      if (next) open.push(next);
    }
  }

  private take(worker: DueWorker, due: DueTime, now: Date): void {
    if (this.ledger.running.standsStill(worker.id)) return;
    const scope = this.fullFor(worker, now);
    if (scope) this.waiting.add({ worker, due, since: now, scope }, this.ledger.groupOf(worker.id));
    else this.stop(worker, due, now);
  }

  private fullFor({ id }: DueWorker, now: Date): string | null {
    this.steps += 1;
    return this.ledger.fullFor(id, now);
  }

  private stop(worker: DueWorker, due: DueTime, now: Date): void {
    const { stop, goesOnAt } = simulatedStop(worker, due, now, this.end);
    this.stops.push(stop);
    this.ledger.take(worker.id, now, goesOnAt);
  }

  private noteHeld({ worker, since, scope }: WaitingStop, until: Date | null, lapsed: boolean): void {
    this.budgetHits.push({ workerId: worker.id, from: since, until, scope, lapsed });
  }

  /** The next turn at which anything may be otherwise. */
  private next(now: Date, nextDue: Date | undefined): Date | null {
    let next = nextDue?.getTime() ?? Infinity;
    const { heads } = this.waiting;
    if (heads.length > 0) {
      next = Math.min(next, this.ledger.running.nextChange, this.waiting.nextEnd(now));
      for (const { worker } of heads) next = Math.min(next, this.ledger.nextFreeAt(worker.id));
    }
    if (next > this.end.getTime()) return null;
    return new Date(this.grid.atOrAfter(Math.max(next, now.getTime() + 1)));
  }
}
