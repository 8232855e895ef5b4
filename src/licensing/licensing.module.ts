import { Module } from '@nestjs/common';
import { RecordLicenseHandler } from './application/record-license.command';

/** What is known of the workers' CML licences. */
@Module({ providers: [RecordLicenseHandler] })
export class LicensingModule {}
