export { type Deregistration, type FeatureCount, LicensingClient } from './application/licensing-client';
export { LicensingModule } from './licensing.module';
