import { type AggregateDirectory } from '../../event-store';
import { byName } from '../../kernel/name-place';
import { type LicensePool } from '../domain/license-pool';
import { type LicensePoolState } from '../domain/license-pool-state';

/** All pools, in memory, for lists and ticks. One pool is read from its stream. */
export class LicensePoolDirectory {
  constructor(private readonly pools: AggregateDirectory<LicensePool, LicensePoolState>) {}

  /** Takes a pool as it is now, unless a newer state of it is here already. */
  put(pool: LicensePool): void {
    this.pools.put(pool);
  }

  /** Those that are not deleted, by name. */
  list(): LicensePool[] {
    return this.pools
      .all()
      .filter(({ state }) => !state.deletedAt)
      .sort(byName);
  }
}
