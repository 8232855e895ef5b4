import { type AggregateDirectory } from '../../event-store';
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
      .sort((a, b) => comparePlaces(placeOf(a), placeOf(b)));
  }
}

/** Where a pool stands in the list. */
export interface LicensePoolPlace {
  readonly name: string;
  readonly id: string;
}

export function placeOf({ id, state }: LicensePool): LicensePoolPlace {
  return { name: state.name.toLowerCase(), id };
}

export function comparePlaces(a: LicensePoolPlace, b: LicensePoolPlace): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
