import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';

/** A secret of at least 32 random bytes, and the name under which hashes made with it refer to it. */
export interface SealKey {
  readonly kid: string;
  readonly key: Buffer;
}

/**
 * HMAC-SHA-256 with keys derived (HKDF) from a key ring for one purpose, since the ring's keys serve several. The first
 * key signs; all verify, so that a ring can be changed without losing what was signed before.
 */
export class RingHmac {
  private readonly keys: ReadonlyMap<string, KeyObject>;
  private readonly current: string;

  /** @throws RangeError for an empty ring */
  constructor(ring: readonly SealKey[], purpose: string) {
    const [first] = ring;
    if (!first) throw new RangeError('the key ring is empty');
    this.current = first.kid;
    this.keys = new Map(ring.map(({ kid, key }) => [kid, createSecretKey(derivedKey(key, purpose))]));
  }

  /** `<kid>:<base64url>` */
  sign(text: string): string {
    return this.signWith(this.current, text);
  }

  /**
   * False for another text, and for what was signed with a key that the ring no longer holds.
   * @param signature as it was read: anything may stand there
   */
  verify(text: string, signature: unknown): boolean {
    if (typeof signature !== 'string') return false;
    const kid = signature.slice(0, signature.lastIndexOf(':'));
    if (!this.keys.has(kid)) return false;
    const expected = Buffer.from(this.signWith(kid, text));
    const given = Buffer.from(signature);
    return expected.length === given.length && timingSafeEqual(expected, given);
  }

  private signWith(kid: string, text: string): string {
    const key = this.keys.get(kid);
    if (!key) throw new RangeError(`no key ${kid} in the ring`);
    return `${kid}:${createHmac('sha256', key).update(text).digest('base64url')}`;
  }
}

/** A key of 32 bytes for one purpose (HKDF-SHA-256), from which neither the ring's key nor that of another follows. */
export function derivedKey(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', purpose, 32));
}
