export { RecordLicense } from './application/record-license.command';
export { licenseDate, type LicenseReading } from './domain/license-reading';
export { LicensingModule } from './licensing.module';
