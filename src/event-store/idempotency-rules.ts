import { MINUTE, plus, SECOND } from '../kernel/clocks';
import { type IdempotencyClaim, type IdempotentAnswer } from './ports';

/** Machine milliseconds that a request may run before a repetition of it runs as well. */
export const RUN_LEASE = MINUTE;

/** Machine milliseconds that a key is remembered. */
export const KEY_LIFE = 24 * 3600 * SECOND;

/** When the key of a record was first used. */
export function firstUse(expiresAt: Date): Date {
  return plus(expiresAt, -KEY_LIFE);
}

/** What is known of a request with an Idempotency-Key. `answer` is there once it is complete. */
export interface KnownRequest {
  readonly bodyHash: string;
  readonly answer: IdempotentAnswer | null;
  readonly leaseUntil: Date;
  /** it failed, and the next one may try; the time of its first use stays, so that it is the same command */
  readonly abandoned: boolean;
}

/** The hash under which the body of a request that runs again is kept: of the same body the one that names its command. */
export function keptHash(
  known: Pick<KnownRequest, 'bodyHash'>,
  bodyHash: string,
  former: readonly string[],
): string {
  return former.includes(known.bodyHash) ? known.bodyHash : bodyHash;
}

/** What a repetition of a known request is told; null when it may run in the place of one that failed or seems to have died. */
export function claimOnKnown(
  known: KnownRequest,
  bodyHashes: readonly string[],
  now: Date,
): Exclude<IdempotencyClaim, { outcome: 'run' }> | null {
  if (known.abandoned) return null;
  if (!bodyHashes.includes(known.bodyHash)) return { outcome: 'other-body' };
  if (known.answer) return { outcome: 'replay', answer: known.answer };
  if (known.leaseUntil > now) return { outcome: 'running', leaseUntil: known.leaseUntil };
  return null;
}
