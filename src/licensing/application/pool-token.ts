import { DomainError } from '../../kernel/domain-error';
import { type Secret } from '../../kernel/secret';
import { type SecretVault } from '../../secrets';
import { type LicensePool } from '../domain/license-pool';
import { type PoolToken } from '../domain/license-pool-events';

/**
 * Puts a pool's token into the vault, and then stores what names it: a pool without its token could register nobody. A
 * crash in between leaves a secret that nobody names, which the sweep of the vault removes. What is known not to have
 * been stored, or was stored by an earlier try of the command with a ref of its own, is removed at once.
 */
export async function putToken(
  vault: SecretVault,
  token: Secret,
  store: (kept: PoolToken) => Promise<LicensePool>,
): Promise<LicensePool> {
  const { ref, fingerprint } = await vault.put(token);
  const pool = await store({ ref, fingerprint }).catch(async (error: unknown) => {
    // of what is not known to have failed it may be the token
    if (error instanceof DomainError && error.kind !== 'unavailable') await vault.remove(ref);
    throw error;
  });
  const { token: present, formerTokens } = pool.state;
  if (![present, ...formerTokens].some((it) => it.ref === ref)) await vault.remove(ref);
  return pool;
}
