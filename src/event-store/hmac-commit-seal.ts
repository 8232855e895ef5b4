import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
import { canonicalForm } from './canonical-form';
import { type Commit, CommitSeal } from './ports';
import { type SealKey } from './ring-hmac';

/**
 * Seals commits with HMAC-SHA-256, so that a change made in the database behind the program's back is seen. The key
 * is derived (HKDF), since the ring's keys serve other purposes, too. The first key of the ring seals; all verify.
 */
export class HmacCommitSeal extends CommitSeal {
  private readonly keys: ReadonlyMap<string, KeyObject>;
  private readonly current: string;

  /** @throws RangeError for an empty ring */
  constructor(ring: readonly SealKey[]) {
    super();
    const [first] = ring;
    if (!first) throw new RangeError('the key ring is empty');
    this.current = first.kid;
    this.keys = new Map(ring.map(({ kid, key }) => [kid, derive(key)]));
  }

  seal(commit: Omit<Commit, 'hash'>): string {
    return this.sealWith(this.current, commit);
  }

  /** False for a commit that was changed, and for one sealed with a key that the ring no longer holds. */
  verify(commit: Commit): boolean {
    const { hash, ...sealed } = commit;
    const kid = hash.slice(0, hash.lastIndexOf(':'));
    if (!this.keys.has(kid)) return false;
    const expected = Buffer.from(this.sealWith(kid, sealed));
    const given = Buffer.from(hash);
    return expected.length === given.length && timingSafeEqual(expected, given);
  }

  private sealWith(kid: string, commit: Omit<Commit, 'hash'>): string {
    const key = this.keys.get(kid);
    if (!key) throw new RangeError(`no key ${kid} in the ring`);
    return `${kid}:${createHmac('sha256', key).update(canonicalForm(commit)).digest('base64url')}`;
  }
}

function derive(key: Buffer): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, '', 'cml-fleet audit v1', 32)));
}
