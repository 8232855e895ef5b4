import { Logger } from '@nestjs/common';
import { normalizeIp } from '@nestjs/throttler';
import { type MachineClock, MINUTE } from '../kernel/clocks';
import { RateLimitStorage } from './rate-limit.storage';
import { TooManyRequests } from './request-errors';

/**
 * How many requests without valid credentials an address may make in a minute. One that made more is shut out until the
 * minute is over, but for whoever comes with valid ones: a neighbour behind the same proxy shuts nobody out. Each process
 * counts for itself; an IPv6 address counts as its /64 network, which one host may have all of.
 */
export class AddressLimit {
  private readonly logger = new Logger('AddressLimit');
  private readonly failures: RateLimitStorage;

  constructor(
    clock: MachineClock,
    private readonly limit: number,
  ) {
    this.failures = new RateLimitStorage(clock);
  }

  /** Null for an address that may go on. */
  refusal(address: string): TooManyRequests | null {
    const { hits, seconds } = this.failures.peek(addressKey(address));
    if (hits < this.limit) return null;
    return new TooManyRequests(
      this.limit,
      seconds,
      'requests a minute without valid credentials, from your address',
    );
  }

  /** Counts a request that had no credentials where they are needed, or bad ones. */
  count(address: string): void {
    const { totalHits, timeToExpire } = this.failures.hit(addressKey(address), MINUTE);
    if (totalHits !== this.limit) return;
    this.logger.warn(
      { address, seconds: timeToExpire },
      'an address made too many requests without valid credentials: only valid ones pass for the rest of its minute',
    );
  }
}

/** What requests of an address are counted under. */
export function addressKey(address: string | undefined): string {
  return `address:${address === undefined ? 'unknown' : normalizeIp(address)}`;
}
