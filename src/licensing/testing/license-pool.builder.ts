import { LicensePool } from '../domain/license-pool';
import { type LicensePoolCreated } from '../domain/license-pool-events';

export const CREATED_AT = new Date('2027-01-04T08:00:00.000Z');

/** What a pool of two seats is created with, but for what is stated. */
export function newPool(given: Partial<LicensePoolCreated['data']> = {}): LicensePoolCreated['data'] {
  return {
    ...{ name: 'campus', capacity: 2, productLicense: null, features: [], smartServer: null },
    ...{ token: { ref: 'ref-1', fingerprint: 'aaaaaaaaaaaa' }, createdAt: CREATED_AT, createdBy: 'user:ann' },
    ...given,
  };
}

/** A pool as it is loaded, at version 1. */
export function aPool(given: Partial<LicensePoolCreated['data']> = {}, id = 'p-1'): LicensePool {
  return LicensePool.restore(id, LicensePool.create(id, newPool(given)).uncommitted);
}
