import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { derivedKey, type SealKey } from '../event-store';

const PURPOSE = 'idempotency-body';

/** The hashes (hex) of one body. */
export interface HashedBody {
  /** as it is kept from now on */
  readonly hash: string;
  /** as it may have been kept before: with a former key, or by a version that used none */
  readonly former: readonly string[];
}

/**
 * Hashes bodies with a key (HMAC-SHA-256), since they may hold passwords: whoever reads the database must not be able to
 * try words until one fits.
 */
export class BodyHashes {
  private readonly current: KeyObject;
  private readonly former: readonly KeyObject[];

  /** @throws RangeError for an empty ring */
  constructor(ring: readonly SealKey[]) {
    const [current, ...former] = ring.map(({ key }) => createSecretKey(derivedKey(key, PURPOSE)));
    if (!current) throw new RangeError('the key ring is empty');
    this.current = current;
    this.former = former;
  }

  of(text: string): HashedBody {
    const withoutKey = createHash('sha256').update(text).digest('hex');
    return {
      hash: hmac(this.current, text),
      former: [...this.former.map((key) => hmac(key, text)), withoutKey],
    };
  }
}

function hmac(key: KeyObject, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}
