import { type Turn } from '../../../src/event-store';
import { MINUTE, SECOND } from '../../../src/kernel/clocks';
import { type Mortal } from '../../convergence/bench/mortal';
import { type SimTime } from './sim-time';

const LEASE_MS = 10 * SECOND;
const RENEW_MS = 3 * SECOND;
const LONGEST_MS = 5 * MINUTE;

/** Of the reaper's one job: held by one process, which renews it while it lives and works. */
export class ReaperLease {
  private holder: HeldTurn | null = null;
  private fence = 0;

  constructor(private readonly time: SimTime) {}

  /** Null while somebody else holds it; then it may be asked for again at `freeAt`. */
  claim(mortal: Mortal): HeldTurn | null {
    if (this.holder && this.time.now < this.holder.until) return null;
    this.fence += 1;
    this.holder = new HeldTurn(this.time, mortal, this.fence, () => this.holder);
    return this.holder;
  }

  get freeAt(): number {
    return this.holder?.until ?? this.time.now;
  }

  release(turn: HeldTurn): void {
    if (this.holder === turn) this.holder = null;
  }
}

/** A turn by the lease: renewed by a timer as long as its process goes on. */
export class HeldTurn implements Turn {
  readonly lease: Turn['lease'];
  private readonly abortion = new AbortController();
  private readonly begunAt: number;
  private renewedAt: number;

  constructor(
    private readonly time: SimTime,
    private readonly mortal: Mortal,
    fence: number,
    private readonly holder: () => HeldTurn | null,
  ) {
    this.begunAt = time.now;
    this.renewedAt = time.now;
    this.lease = { job: 'reap', owner: mortal.name, fence, claimedAt: time.machine.now() };
  }

  get signal(): AbortSignal {
    return this.abortion.signal;
  }

  /** Fleet milliseconds; asked by others, too. */
  get until(): number {
    this.renew();
    return this.renewedAt + LEASE_MS;
  }

  get heldUntil(): Date {
    return new Date(this.time.machine.now().getTime() + this.until - this.time.now);
  }

  stillHeld(): boolean {
    return !this.signal.aborted && this.holder() === this && this.time.now < this.until;
  }

  /** The timer of a process that stands still, or died, rings no more; one that goes on finds its lease lost. */
  private renew(): void {
    const { now } = this.time;
    if (!this.mortal.isAlive || now >= this.renewedAt + LEASE_MS || this.holder() !== this) return;
    const last = Math.min(now, this.begunAt + LONGEST_MS);
    this.renewedAt += Math.floor(Math.max(0, last - this.renewedAt) / RENEW_MS) * RENEW_MS;
  }
}
