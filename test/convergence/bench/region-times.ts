import { MINUTE, plus, SECOND } from '../../../src/kernel/clocks';

const RECONCILE_EVERY = 30 * SECOND;
const SWEEP_EVERY = MINUTE;
/** Turns without anything new after which nothing is due but what has its time. */
const QUIET_AFTER = 3;

export interface Prospects {
  /** when something is to be done; now, where something goes on */
  readonly due: Date;
  /** differs where something happened */
  readonly sign: number;
}

/** When a region is swept and reconciled next: by the timetable, or later where nothing goes on. */
export class RegionTimes {
  private sweepAt: Date;
  private reconcileAt: Date;
  private quiet = 0;
  private rest = SWEEP_EVERY;
  private seen = -1;

  constructor(
    readonly region: string,
    start: Date,
  ) {
    this.sweepAt = start;
    this.reconcileAt = start;
  }

  get next(): Date {
    return earlier(this.sweepAt, this.reconcileAt);
  }

  dueAt(now: Date) {
    const { region, sweepAt, reconcileAt } = this;
    return { region, isSweepDue: sweepAt <= now, isReconcileDue: reconcileAt <= now };
  }

  /** The turn that was due at a time is over. */
  passed(now: Date, { due, sign }: Prospects, longestRest: number): void {
    this.quiet = sign === this.seen ? this.quiet + 1 : 0;
    this.seen = sign;
    if (this.quiet < QUIET_AFTER || due <= now) {
      this.rest = SWEEP_EVERY;
      if (this.sweepAt <= now) this.sweepAt = plus(now, SWEEP_EVERY);
      if (this.reconcileAt <= now) this.reconcileAt = plus(now, RECONCILE_EVERY);
      return;
    }
    this.rest = Math.min(2 * this.rest, longestRest);
    this.sweepAt = earlier(due, plus(now, this.rest));
    this.reconcileAt = this.sweepAt;
  }

  stir(now: Date): void {
    this.quiet = 0;
    this.rest = SWEEP_EVERY;
    this.sweepAt = earlier(this.sweepAt, plus(now, SWEEP_EVERY));
    this.reconcileAt = earlier(this.reconcileAt, plus(now, RECONCILE_EVERY));
  }
}

export function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}
