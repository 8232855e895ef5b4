import { type ThrottlerStorage } from '@nestjs/throttler';
import { type MachineClock, SECOND } from '../kernel/clocks';

interface Window {
  readonly endsAt: number;
  hits: number;
}

/** How many callers are counted before those whose minute is over are forgotten. */
const SWEEP_ABOVE = 1_000;

/** Counts requests in windows of machine time, each beginning with a caller's first request. */
export class RateLimitStorage implements ThrottlerStorage {
  private readonly windows = new Map<string, Window>();

  constructor(private readonly clock: MachineClock) {}

  increment(key: string, ttl: number, limit: number) {
    const now = this.clock.now().getTime();
    const window = this.windowOf(key, now, ttl);
    window.hits += 1;
    const seconds = Math.ceil((window.endsAt - now) / SECOND);
    const isBlocked = window.hits > limit;
    return Promise.resolve({
      totalHits: window.hits,
      timeToExpire: seconds,
      isBlocked,
      timeToBlockExpire: isBlocked ? seconds : 0,
    });
  }

  private windowOf(key: string, now: number, length: number): Window {
    const present = this.windows.get(key);
    if (present && present.endsAt > now) return present;
    if (this.windows.size >= SWEEP_ABOVE) this.forgetEnded(now);
    const window = { endsAt: now + length, hits: 0 };
    this.windows.set(key, window);
    return window;
  }

  private forgetEnded(now: number): void {
    for (const [key, { endsAt }] of this.windows) if (endsAt <= now) this.windows.delete(key);
  }
}
