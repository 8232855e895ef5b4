import { plus, SECOND } from '../../../kernel/clocks';

export interface BucketSize {
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/**
 * Tokens that come back with time, as AWS itself counts calls. More may be taken at once than the bucket holds, when it
 * is full: what is owed is then waited for by the next one.
 */
export class TokenBucket {
  private tokens: number;
  /** up to when tokens were added; in the future while the bucket is kept empty */
  private at: Date;

  constructor(
    readonly size: BucketSize,
    now: Date,
  ) {
    this.tokens = size.capacity;
    this.at = now;
  }

  /** May be below 0, and has fractions. */
  available(now: Date): number {
    const passed = now.getTime() - this.at.getTime();
    if (passed > 0) {
      const { capacity, refillPerSecond } = this.size;
      this.tokens = Math.min(capacity, this.tokens + (passed / SECOND) * refillPerSecond);
      this.at = now;
    }
    return this.tokens;
  }

  take(count: number, now: Date): boolean {
    if (this.waitMs(count, now) > 0) return false;
    this.tokens -= count;
    return true;
  }

  /** Milliseconds until so many tokens can be taken, rounded up. */
  waitMs(count: number, now: Date): number {
    const missing = Math.min(count, this.size.capacity) - this.available(now);
    // sums of fractions: a token that lacks a billionth is there
    if (missing <= 1e-9) return 0;
    const kept = Math.max(0, this.at.getTime() - now.getTime());
    return kept + Math.ceil((missing / this.size.refillPerSecond) * SECOND);
  }

  /** Empties the bucket; nothing comes back before the time. A shorter one does not shorten a longer. */
  keepEmptyFor(ms: number, now: Date): void {
    this.available(now);
    this.tokens = Math.min(this.tokens, 0);
    const until = plus(now, ms);
    if (until > this.at) this.at = until;
  }
}
