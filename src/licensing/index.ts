export { type Deregistration, type FeatureCount, LicensingClient } from './application/licensing-client';
export { LicensingModule } from './licensing.module';
export { ListLicensePools } from './application/list-license-pools.query';
export { LicensePoolsSchedules } from './application/license-pools.schedules';
export { WORKER_LICENSE_EVENTS, type WorkerLicenseEvent } from './domain/worker-license-events';
export { WORKER_LICENSE_DEFINITION } from './persistence/worker-license-definition';
export { LICENSE_POOL_EVENTS } from './domain/license-pool-events';
export { LICENSE_POOL_DEFINITION } from './persistence/license-pool-definition';
