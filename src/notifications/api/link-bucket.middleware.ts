import { createHash } from 'node:crypto';
import { type RequestHandler } from 'express';
import { addressKey, limitBy } from '../../http';
import { type FleetClock } from '../../kernel/clocks';
import { StoreUnavailable } from '../../kernel/domain-error';
import { type LinkTokens } from '../domain/notice-link';

/**
 * Whom requests of links count against: a link that is good counts for itself, so that strangers of the same address
 * (all are, behind a proxy that is not trusted) do not keep the person out who holds it; all else by its address, apart
 * from the API.
 */
export function linkBuckets(tokens: LinkTokens, clock: FleetClock): RequestHandler {
  return async (request, _response, next) => {
    const token = request.path.split('/').at(-1) ?? '';
    limitBy(
      request,
      (await isGood(tokens, token, clock.now())) ? hashed(token) : `links:${addressKey(request.ip)}`,
    );
    next();
  };
}

async function isGood(tokens: LinkTokens, token: string, now: Date): Promise<boolean> {
  try {
    return (await tokens.read(token, now)).kind === 'good';
  } catch (error) {
    // the route meets it as well, and tells it
    if (error instanceof StoreUnavailable) return false;
    throw error;
  }
}

function hashed(token: string): string {
  return `link:${createHash('sha256').update(token).digest('hex')}`;
}
