export { LicensingModule } from './licensing.module';
