import { timingSafeEqual } from 'node:crypto';
import { type MachineClock } from '../kernel/clocks';
import { type IdSource } from '../kernel/ids';
import { type Secret } from '../kernel/secret';
import { type SecretCipher } from './secret-cipher';
import { type SecretRows } from './secret-rows';
import { type KeptSecret, SecretVault } from './secret-vault';

/** Keeps secrets encrypted in rows, each under an id of its own. */
export class SealedSecretVault extends SecretVault {
  constructor(
    private readonly rows: SecretRows,
    private readonly cipher: SecretCipher,
    private readonly ids: IdSource,
    private readonly clock: MachineClock,
  ) {
    super();
  }

  async put(value: Secret): Promise<KeptSecret> {
    const ref = this.ids.next();
    const sealed = await this.cipher.seal(ref, value);
    await this.rows.insert(ref, { ...sealed, createdAt: this.clock.now() });
    return { ref, fingerprint: sealed.fingerprint };
  }

  async reveal(ref: string): Promise<Secret | null> {
    const sealed = await this.rows.find(ref);
    return sealed && this.cipher.open(ref, sealed);
  }

  async holds(ref: string, value: Secret): Promise<boolean> {
    const kept = await this.reveal(ref);
    if (!kept) return false;
    const [one, other] = [Buffer.from(kept.reveal()), Buffer.from(value.reveal())];
    return one.length === other.length && timingSafeEqual(one, other);
  }

  remove(ref: string): Promise<void> {
    return this.rows.remove(ref);
  }
}
