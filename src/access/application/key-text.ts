import { createHash, randomBytes } from 'node:crypto';
import { Secret } from '../../kernel/secret';
import { type KeyTrace } from '../domain/api-key';
import { KeyGenerator } from '../domain/ports';

/** Recognisable to people and to scanners for leaked secrets. */
const MARK = 'cmlf_';
const PREFIX_LENGTH = 9;

/** `cmlf_` and 32 random bytes in base64url. */
export class RandomKeyGenerator extends KeyGenerator {
  generate(): Secret {
    return new Secret(MARK + randomBytes(32).toString('base64url'));
  }
}

/** Whether the text is marked as an API key, as all but the bootstrap key are. */
export function isMarkedKey(text: string): boolean {
  return text.startsWith(MARK);
}

/** SHA-256, base64url. It needs no salt and no stretching, since a key is random and long. */
function hashOfKey(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** What is stored of a key's text, and compared. */
export function traceOfKey(key: Secret): KeyTrace {
  const text = key.reveal();
  return { hash: hashOfKey(text), prefix: text.slice(0, PREFIX_LENGTH) };
}
