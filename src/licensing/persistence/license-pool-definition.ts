import { type AggregateDefinition } from '../../event-store';
import { LicensePool } from '../domain/license-pool';
import { LicensePoolNotFound } from '../domain/license-pool-errors';
import { type LicensePoolEvent } from '../domain/license-pool-events';
import { type LicensePoolState } from '../domain/license-pool-state';

/** How a pool is brought back from its stream `licensepool-<id>`: no dash may stand in the kind of a stream. */
export const LICENSE_POOL_DEFINITION: AggregateDefinition<LicensePool, LicensePoolState> = {
  streamPrefix: 'licensepool',
  snapshotSchema: 1,
  restore: (id, events, from) =>
    LicensePool.restore(id, events as readonly LicensePoolEvent[], from ?? undefined),
  revive: (stored) => stored as unknown as LicensePoolState,
  missing: (id) => new LicensePoolNotFound(id),
};
