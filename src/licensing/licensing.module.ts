import { type DynamicModule, Module } from '@nestjs/common';
import { LICENSING_OPTIONS, type LicensingModuleOptions } from './application/licensing.options';
import { RecordLicenseHandler } from './application/record-license.command';

/** What is known of the workers' CML licences. */
@Module({})
export class LicensingModule {
  static forRoot(options: LicensingModuleOptions): DynamicModule {
    return {
      module: LicensingModule,
      providers: [RecordLicenseHandler, { provide: LICENSING_OPTIONS, useValue: options }],
    };
  }
}
