import { type MachineClock, MINUTE, plus, SECOND } from '../kernel/clocks';
import { type Lease, type Leases } from './ports';

/** After a crash the others wait this long at most; a holder renews while it works. Machine milliseconds. */
export const LEASE_MS = 10 * SECOND;
const RENEW_MS = 3 * SECOND;

/** A turn that takes longer hangs: its lease is not renewed any more, so that another replica can take over. */
const LONGEST_MS = 5 * MINUTE;

/** One turn under a lease, for the work that is done in it. */
export interface Turn {
  readonly lease: Lease;
  /** aborted when the lease is lost */
  readonly signal: AbortSignal;
  /** machine time until which nobody else can have it: counted from before it was asked for, so never too late */
  readonly heldUntil: Date;
  /** Asked before each step that only the holder may take. */
  stillHeld(): boolean;
}

/** Keeps a claimed lease while the work lasts. Once it ran out, or is another's, the turn is over for good. */
export class LeasedTurn implements Turn {
  private readonly abortion = new AbortController();
  private readonly begunAt: Date;
  private timer: NodeJS.Timeout | null = null;
  private until: Date;

  /** `askedAt`: machine time before the claim was sent */
  constructor(
    readonly lease: Lease,
    askedAt: Date,
    private readonly leases: Leases,
    private readonly clock: MachineClock,
    private readonly reportFailure: (error: unknown) => void,
    /** machine milliseconds; Infinity for work that has no measure */
    private readonly longestMs = LONGEST_MS,
  ) {
    this.begunAt = askedAt;
    this.until = plus(askedAt, LEASE_MS);
  }

  get heldUntil(): Date {
    return this.until;
  }

  get signal(): AbortSignal {
    return this.abortion.signal;
  }

  stillHeld(): boolean {
    return !this.signal.aborted && this.clock.now() < this.until;
  }

  keep(): void {
    this.timer = setInterval(() => void this.renew(), RENEW_MS);
  }

  /** Ends it; the next turn is due at `dueAt` (by the database's clock), or at once. False when the lease was lost. */
  async end(dueAt: Date | undefined): Promise<boolean> {
    this.forget();
    return this.leases.release(this.lease, dueAt);
  }

  private async renew(): Promise<void> {
    const askedAt = this.clock.now();
    if (askedAt >= this.until) {
      this.lose();
      return;
    }
    if (askedAt.getTime() - this.begunAt.getTime() >= this.longestMs) return;
    try {
      if (await this.leases.renew(this.lease, LEASE_MS)) this.until = plus(askedAt, LEASE_MS);
      else this.lose();
    } catch (error) {
      // it is tried again, and lost when that does not help in time
      this.reportFailure(error);
    }
  }

  private lose(): void {
    this.forget();
    this.abortion.abort();
  }

  private forget(): void {
    if (this.timer) clearInterval(this.timer);
  }
}
