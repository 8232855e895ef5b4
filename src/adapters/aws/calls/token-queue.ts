import { type MachineClock, plus, SECOND } from '../../../kernel/clocks';
import { type Timers } from '../../../kernel/timers';
import { ComputeError } from '../../../workers';
import { type ApiKind } from './api-kinds';
import { MinuteCount } from './minute-count';
import { type BucketSize, TokenBucket } from './token-bucket';

/** Whose call it is: what people or the reconciler want comes before what is looked at. */
export type Purpose = 'command' | 'sweep';

/** The longest that a call waits for its token. A sweep comes again; a command is somebody's wish. */
export const LONGEST_WAIT_MS: Readonly<Record<Purpose, number>> = {
  command: 60 * SECOND,
  sweep: 20 * SECOND,
};

/** After AWS throttled, nothing is sent for about so long, doubled each time in a row up to the longest. */
const BACK_OFF_MS = 2 * SECOND;
const LONGEST_BACK_OFF_MS = 30 * SECOND;

interface Waiter {
  readonly count: number;
  readonly purpose: Purpose;
  readonly giveUpAt: Date;
  readonly done: (error: ComputeError | null) => void;
}

export interface QueueParts {
  readonly machine: MachineClock;
  readonly timers: Timers;
  /** from 0 to below 1 */
  readonly random: () => number;
}

/** One token bucket, and those who wait for its tokens: commands before sweeps, and first come first served. */
export class TokenQueue {
  private readonly bucket: TokenBucket;
  private readonly waiters: Record<Purpose, Waiter[]> = { command: [], sweep: [] };
  private readonly used = new MinuteCount();
  private readonly throttled = new MinuteCount();
  private throttledInARow = 0;
  private cancelTimer = () => {};

  constructor(
    private readonly region: string,
    readonly kind: ApiKind,
    size: BucketSize,
    private readonly parts: QueueParts,
  ) {
    this.bucket = new TokenBucket(size, parts.machine.now());
  }

  /**
   * Waits for tokens, at most as long as the purpose allows, and not past a time. What could not be had within that is
   * refused at once rather than after a wait in vain.
   * @throws ComputeError `ApiBudgetExhausted`
   */
  take(count: number, purpose: Purpose, notAfter: Date | null = null): Promise<void> {
    const now = this.parts.machine.now();
    this.pump(now);
    const ahead = this.ahead(purpose);
    if (ahead === 0 && this.bucket.take(count, now)) {
      this.used.add(now, count);
      return Promise.resolve();
    }
    const bound = plus(now, LONGEST_WAIT_MS[purpose]);
    const giveUpAt = notAfter && notAfter < bound ? notAfter : bound;
    const due = plus(now, this.waitMs(ahead + count, now));
    if (due > giveUpAt) return Promise.reject(this.exhausted(due));
    return new Promise((resolve, reject) => {
      const done = (error: ComputeError | null) => (error ? reject(error) : resolve());
      this.waiters[purpose].push({ count, purpose, giveUpAt, done });
      this.arm(now);
    });
  }

  /** AWS throttled a call: nothing of this kind is sent for a while. Answers until when. */
  backOff(): Date {
    const now = this.parts.machine.now();
    this.throttled.add(now);
    const most = Math.min(BACK_OFF_MS * 2 ** this.throttledInARow, LONGEST_BACK_OFF_MS);
    this.throttledInARow += 1;
    const ms = Math.round(most * (0.5 + this.parts.random() / 2));
    this.bucket.keepEmptyFor(ms, now);
    this.arm(now);
    return plus(now, this.bucket.waitMs(1, now));
  }

  /** AWS took a call. */
  accepted(): void {
    this.throttledInARow = 0;
  }

  use() {
    const now = this.parts.machine.now();
    const { capacity, refillPerSecond } = this.bucket.size;
    return {
      kind: this.kind,
      capacity,
      refillPerSecond,
      available: Math.max(0, Math.floor(this.bucket.available(now))),
      usedLastMinute: this.used.total(now),
      throttledLastMinute: this.throttled.total(now),
      waiting: this.waiters.command.length + this.waiters.sweep.length,
    };
  }

  private ahead(purpose: Purpose): number {
    const { command, sweep } = this.waiters;
    const before = purpose === 'command' ? command : [...command, ...sweep];
    return before.reduce((sum, { count }) => sum + count, 0);
  }

  /** As `TokenBucket.waitMs`, also for more than the bucket holds. */
  private waitMs(count: number, now: Date): number {
    const { capacity, refillPerSecond } = this.bucket.size;
    const beyond = Math.max(0, count - capacity);
    return this.bucket.waitMs(count, now) + (beyond / refillPerSecond) * SECOND;
  }

  private pump(now: Date): void {
    for (const purpose of ['command', 'sweep'] as const) {
      const late = this.waiters[purpose].filter(({ giveUpAt }) => giveUpAt < now);
      this.waiters[purpose] = this.waiters[purpose].filter(({ giveUpAt }) => giveUpAt >= now);
      for (const { count, done } of late) done(this.exhausted(plus(now, this.waitMs(count, now))));
    }
    for (let next = this.head(); next && this.bucket.take(next.count, now); next = this.head()) {
      this.waiters[next.purpose].shift();
      this.used.add(now, next.count);
      next.done(null);
    }
  }

  private head(): Waiter | undefined {
    return this.waiters.command[0] ?? this.waiters.sweep[0];
  }

  /** Looks again when the next token is there, or the first one's patience is over. */
  private arm(now: Date): void {
    this.cancelTimer();
    const next = this.head();
    if (!next) return;
    const all = [...this.waiters.command, ...this.waiters.sweep];
    const patience = Math.min(...all.map(({ giveUpAt }) => giveUpAt.getTime() - now.getTime() + 1));
    const wait = Math.min(this.bucket.waitMs(next.count, now), patience);
    this.cancelTimer = this.parts.timers.after(Math.max(1, wait), () => {
      const then = this.parts.machine.now();
      this.pump(then);
      this.arm(then);
    });
  }

  private exhausted(retryAt: Date): ComputeError {
    const message =
      `cml-fleet makes no more calls of the kind ${this.kind} in ${this.region} at the moment, ` +
      `so that AWS does not throttle the account. The next one is free about ${retryAt.toISOString()}.`;
    return new ComputeError('throttled', 'ApiBudgetExhausted', message, { retryAt });
  }
}
