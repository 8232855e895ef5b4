import { randomUUID } from 'node:crypto';
import { parse, v5 } from 'uuid';

/** Where new identifiers come from: random in production, a sequence in tests. */
export abstract class IdSource {
  /** A new UUID. */
  abstract next(): string;
}

export class RandomIds extends IdSource {
  next(): string {
    return randomUUID();
  }
}

/** UUIDs 00000000-0000-4000-8000-000000000001, …002 and so on. */
export class SequentialIds extends IdSource {
  private count = 0;

  next(): string {
    this.count += 1;
    return `00000000-0000-4000-8000-${String(this.count).padStart(12, '0')}`;
  }
}

const NAMESPACE = parse('6f6f0a0e-6a3c-5d44-9c0b-0f1f6f2f6c11');

/** The same UUID for the same words, in every process: how a retried command finds what its first try made. */
export function derivedId(...words: string[]): string {
  // as bytes: the library takes twice as long for text
  return v5(Buffer.from(words.join('|')), NAMESPACE);
}

/** Whether a text has the form of a UUID, of any version. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
