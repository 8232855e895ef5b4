import { createHash } from 'node:crypto';
import { type Request } from 'express';
import { InvalidInput } from '../kernel/domain-error';
import { type BodyHashes, type HashedBody } from './body-hashes';
import { stateOf } from './request-state';

/** A request that carries an Idempotency-Key. */
export interface IdempotentRequest {
  /** sha256 (hex) of caller, method, path and key: under it the answer is kept */
  readonly id: string;
  /** of the body, the same for each way of writing the same JSON */
  readonly body: HashedBody;
}

export const IDEMPOTENCY_KEY_FORM = /^[\x20-\x7e]{1,128}$/;

/** Null for a request without a key. @throws InvalidInput for a key that is too long or not printable ASCII */
export function idempotentRequest(request: Request, hashes: BodyHashes): IdempotentRequest | null {
  const key = request.get('Idempotency-Key');
  if (key === undefined) return null;
  if (!IDEMPOTENCY_KEY_FORM.test(key)) {
    const message = 'must have 1 to 128 printable ASCII characters';
    throw new InvalidInput([{ pointer: '/headers/Idempotency-Key', message }]);
  }
  const caller = stateOf(request).principal?.actor ?? 'anonymous';
  const id = sha256([caller, request.method, request.path, key].join('\n'));
  return { id, body: hashes.of(canonicalJson(request.body ?? null)) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** JSON with the members of each object in the order of their names. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
