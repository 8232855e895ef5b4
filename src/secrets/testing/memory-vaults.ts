import { type MachineClock, SystemClock } from '../../kernel/clocks';
import { type IdSource } from '../../kernel/ids';
import { MemorySecretRows } from '../memory-secret-rows';
import { SealedSecretVault } from '../sealed-secret-vault';
import { SecretCipher } from '../secret-cipher';
import { type SecretVault } from '../secret-vault';

/** Vaults over the same rows in memory, each with a ring of one key. */
export function memoryVaults(
  ids: IdSource,
  clock: MachineClock = new SystemClock(),
): (kid: string) => SecretVault {
  const rows = new MemorySecretRows();
  return (kid) =>
    new SealedSecretVault(rows, new SecretCipher([{ kid, key: Buffer.alloc(32, kid) }]), ids, clock);
}
