import { type MachineClock } from '../kernel/clocks';
import { type DatabaseTime, type Warn } from './database-time';
import { type LeaseOwner } from './lease-owner';
import { LEASE_MS, LeasedTurn, type Turn } from './leased-turn';
import { type Leases } from './ports';
import { type ReportError } from './report-error';

/** Takes turns for this process. */
export class LeaseHolder {
  private underWay = 0;

  constructor(
    private readonly leases: Leases,
    private readonly owner: LeaseOwner,
    private readonly clock: MachineClock,
    private readonly time: DatabaseTime,
    private readonly report: ReportError,
    private readonly warn: Warn,
  ) {}

  /** Turns that this process has at this moment. */
  get turns(): number {
    return this.underWay;
  }

  /** Null when it is not due, or another's; `early` does not wait for it to be due. @throws StoreUnavailable */
  async take(job: string, early: boolean): Promise<LeasedTurn | null> {
    const askedAt = this.clock.now();
    const lease = await this.leases.claim(job, this.owner.name, LEASE_MS, { early });
    if (!lease) return null;
    this.time.measure(askedAt, lease.claimedAt);
    return new LeasedTurn(lease, askedAt, this.leases, this.clock, (error) => {
      this.report(error, `renew the lease ${job}`);
    });
  }

  /** Does the work in the turn and ends that, whatever becomes of it. `after` tells when the next one is due. */
  async spend<T>(
    turn: LeasedTurn,
    work: (turn: Turn) => Promise<T>,
    after?: (begun: Date) => Date,
  ): Promise<T> {
    this.underWay += 1;
    turn.keep();
    try {
      return await work(turn);
    } finally {
      this.underWay -= 1;
      await this.end(turn, after?.(turn.lease.claimedAt));
    }
  }

  /** A lease that cannot be given back runs out. */
  private async end(turn: LeasedTurn, dueAt: Date | undefined): Promise<void> {
    const { job, fence } = turn.lease;
    try {
      if (await turn.end(dueAt)) return;
      this.warn('a turn lost its lease before its end; another replica goes on', { job, fence });
    } catch (error) {
      this.report(error, `give back the lease ${job}`);
    }
  }
}
