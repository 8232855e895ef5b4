import { createHmac } from 'node:crypto';
import { CompactEncrypt, compactDecrypt, errors } from 'jose';
import { derivedKey, type SealKey } from '../event-store';
import { Secret } from '../kernel/secret';
import { SecretUnreadable } from './secret-vault';

const PURPOSE = 'cml-fleet secrets v1';
const FINGERPRINT_PURPOSE = 'cml-fleet secret fingerprints v1';
const FINGERPRINT_DIGITS = 12;

/** A secret as it is stored. */
export interface SealedSecret {
  /** JWE compact (RFC 7516): `dir`, A256GCM; its protected header names key and ref */
  readonly jwe: string;
  readonly kid: string;
  readonly fingerprint: string;
}

/**
 * Encrypts with keys derived (HKDF-SHA-256) from the key ring: the first one encrypts, all decrypt. The ref is part of
 * what is authenticated, so that one secret cannot be put in the place of another.
 */
export class SecretCipher {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly current: { readonly kid: string; readonly key: Buffer };
  private readonly fingerprintKey: Buffer;

  /** @throws RangeError for an empty ring */
  constructor(ring: readonly SealKey[]) {
    const [first] = ring;
    if (!first) throw new RangeError('the key ring is empty');
    this.keys = new Map(ring.map(({ kid, key }) => [kid, derivedKey(key, PURPOSE)]));
    this.current = { kid: first.kid, key: derivedKey(first.key, PURPOSE) };
    this.fingerprintKey = derivedKey(first.key, FINGERPRINT_PURPOSE);
  }

  /** Name of the key that encrypts. */
  get firstKey(): string {
    return this.current.kid;
  }

  async seal(ref: string, value: Secret): Promise<SealedSecret> {
    const { kid, key } = this.current;
    const text = value.reveal();
    const jwe = await new CompactEncrypt(Buffer.from(text))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid, ref })
      .encrypt(key);
    const hash = createHmac('sha256', this.fingerprintKey).update(text).digest('hex');
    return { jwe, kid, fingerprint: hash.slice(0, FINGERPRINT_DIGITS) };
  }

  /** @throws SecretUnreadable when the key left the ring, or it is not what was sealed under this ref */
  async open(ref: string, { jwe, kid }: Pick<SealedSecret, 'jwe' | 'kid'>): Promise<Secret> {
    const key = this.keys.get(kid);
    if (!key) {
      throw new SecretUnreadable(
        `The secret ${ref} was encrypted with the key "${kid}", which FLEET_SECRETS_KEYS does not hold any more: ` +
          'put that key back behind the first one.',
      );
    }
    try {
      const { plaintext, protectedHeader } = await compactDecrypt(jwe, key, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      });
      if (protectedHeader['ref'] === ref) return new Secret(Buffer.from(plaintext).toString());
    } catch (cause) {
      if (!(cause instanceof errors.JOSEError)) throw cause;
      throw new SecretUnreadable(`The secret ${ref} is not what was stored.`, {}, { cause });
    }
    throw new SecretUnreadable(`What is stored as the secret ${ref} is another one.`);
  }
}
