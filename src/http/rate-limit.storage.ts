import { type ThrottlerStorage } from '@nestjs/throttler';
import { type MachineClock, SECOND } from '../kernel/clocks';

interface Window {
  readonly endsAt: number;
  hits: number;
}

/** Counts requests in windows of machine time, each beginning with a caller's first request. All are of one length. */
export class RateLimitStorage implements ThrottlerStorage {
  /** the oldest first: those that have ended stand at the front */
  private readonly windows = new Map<string, Window>();

  constructor(private readonly clock: MachineClock) {}

  increment(key: string, ttl: number, limit: number) {
    const { totalHits, timeToExpire } = this.hit(key, ttl);
    const isBlocked = totalHits > limit;
    return Promise.resolve({
      ...{ totalHits, timeToExpire, isBlocked },
      timeToBlockExpire: isBlocked ? timeToExpire : 0,
    });
  }

  /** Counts a request; `timeToExpire`: seconds until its window ends. */
  hit(key: string, ttl: number): { readonly totalHits: number; readonly timeToExpire: number } {
    const now = this.clock.now().getTime();
    this.forgetEnded(now);
    const window = this.running(key, now) ?? { endsAt: now + ttl, hits: 0 };
    window.hits += 1;
    this.windows.set(key, window);
    return { totalHits: window.hits, timeToExpire: Math.ceil((window.endsAt - now) / SECOND) };
  }

  /** What was counted in the window that goes on, and the seconds until it ends. */
  peek(key: string): { readonly hits: number; readonly seconds: number } {
    const now = this.clock.now().getTime();
    const window = this.running(key, now);
    if (!window) return { hits: 0, seconds: 0 };
    return { hits: window.hits, seconds: Math.ceil((window.endsAt - now) / SECOND) };
  }

  /** How many callers are remembered: those of the latest window's length. */
  get size(): number {
    return this.windows.size;
  }

  /** An ended one can be left where the machine's clock was put back. */
  private running(key: string, now: number): Window | null {
    const window = this.windows.get(key);
    return window && window.endsAt > now ? window : null;
  }

  /** A window that ended is gone before its caller's next one begins, so each is looked at once. */
  private forgetEnded(now: number): void {
    for (const [key, { endsAt }] of this.windows) {
      if (endsAt > now) return;
      this.windows.delete(key);
    }
  }
}
