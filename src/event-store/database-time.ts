import { type MachineClock, plus, SECOND } from '../kernel/clocks';

/** Clocks that differ by more are a fault of the machine's: times of several replicas would not fit together. */
const TOLERATED_MS = 2 * SECOND;

/** A line of the log that wants an operator's eye, with what it is about. */
export type Warn = (message: string, about: Readonly<Record<string, unknown>>) => void;

/**
 * What the database's clock shows, as far as this process can tell: its own clock, and the difference when it last
 * asked. It only narrows what is asked for; the database decides.
 */
export class DatabaseTime {
  private offsetMs = 0;
  private measuredAt: Date | null = null;
  private warned = false;

  constructor(
    private readonly clock: MachineClock,
    private readonly warn: Warn,
  ) {}

  now(): Date {
    return plus(this.clock.now(), this.offsetMs);
  }

  /** Our own clock's, to ask with. */
  ownNow(): Date {
    return this.clock.now();
  }

  /** How long ago it was measured, machine milliseconds, whichever way our clock was moved; null: never. */
  get ageMs(): number | null {
    return this.measuredAt && Math.abs(this.clock.now().getTime() - this.measuredAt.getTime());
  }

  /** Takes the time that the database told when it was asked at `askedAt` (machine time). */
  measure(askedAt: Date, told: Date): void {
    this.measuredAt = this.clock.now();
    const most = told.getTime() - askedAt.getTime();
    const least = told.getTime() - this.measuredAt.getTime();
    this.offsetMs = Math.round((most + least) / 2);
    // a slow answer is no skew: only what is outside of what its way may have taken
    if (Math.max(least, -most) <= TOLERATED_MS || this.warned) return;
    this.warned = true;
    this.warn("this machine's clock and the database's differ: set them by NTP", {
      aheadMs: -this.offsetMs,
    });
  }
}
