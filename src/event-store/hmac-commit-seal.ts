import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { type Commit, CommitSeal } from './ports';
import { type SealKey } from './ring-hmac';

/**
 * Seals commits with HMAC-SHA-256, so that a change made in the database behind the program's back is seen. The key
 * is derived (HKDF), since the ring's keys serve other purposes, too. The first key of the ring seals; all verify.
 */
export class HmacCommitSeal extends CommitSeal {
  private readonly keys: ReadonlyMap<string, Buffer>;
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
    return `${kid}:${createHmac('sha256', key).update(canonical(commit)).digest('base64url')}`;
  }
}

function derive(key: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', 'cml-fleet audit v1', 32));
}

/** JSON with the members of every object in the order of their names, and Dates as ISO 8601. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
