import { type DynamicModule, Module } from '@nestjs/common';
import { LICENSING_OPTIONS, type LicensingModuleOptions } from './application/licensing.options';
import { RecordLicenseHandler } from './application/record-license.command';
import { LicensePoolsModule } from './license-pools.module';

/** What is known of the workers' CML licences, and the pools that they are of. */
@Module({})
export class LicensingModule {
  static forRoot(options: LicensingModuleOptions): DynamicModule {
    const pools = LicensePoolsModule.forRoot(options);
    return {
      module: LicensingModule,
      imports: [pools],
      providers: [RecordLicenseHandler, { provide: LICENSING_OPTIONS, useValue: options }],
      exports: [pools],
    };
  }
}
