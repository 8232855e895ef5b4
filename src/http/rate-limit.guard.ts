import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerLimitDetail } from '@nestjs/throttler';
import { type Request } from 'express';
import { addressKey } from './address-limit';
import { TooManyRequests } from './request-errors';
import { stateOf } from './request-state';

/**
 * So many requests a minute per API key, over all routes together; per address for callers without a key (that which the
 * trusted proxies tell), unless a middleware says whom it counts against. Each process counts for itself. Routes with `@SkipThrottle()` are free.
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  protected override getTracker(request: Request): Promise<string> {
    const { limitedBy, principal } = stateOf(request);
    return Promise.resolve(limitedBy ?? principal?.actor ?? addressKey(request.ip));
  }

  protected override generateKey(_context: ExecutionContext, tracker: string): string {
    return tracker;
  }

  protected override throwThrottlingException(
    _context: ExecutionContext,
    { limit, timeToBlockExpire }: ThrottlerLimitDetail,
  ): Promise<void> {
    return Promise.reject(new TooManyRequests(limit, timeToBlockExpire));
  }
}
