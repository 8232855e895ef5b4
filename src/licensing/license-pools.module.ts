import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import {
  AggregateDirectory,
  DirectoryFeed,
  EventRegistry,
  processStep,
  SubscriptionHost,
} from '../event-store';
import { FleetClock } from '../kernel/clocks';
import { DirectorySecretHolder, SecretHolders } from '../secrets';
import { LicensePoolsController } from './api/license-pools.controller';
import { CreateLicensePoolHandler } from './application/create-license-pool.command';
import { DeleteLicensePoolHandler } from './application/delete-license-pool.command';
import { FreeLicenseSeatHandler } from './application/free-license-seat.command';
import { GetLicensePoolHandler } from './application/get-license-pool.query';
import { LicensePools } from './application/license-pools';
import { LicensePoolsSchedules } from './application/license-pools.schedules';
import { LICENSING_OPTIONS, type LicensingModuleOptions } from './application/licensing.options';
import { ListLicensePoolsHandler } from './application/list-license-pools.query';
import { SeatSettlement } from './application/seat-settlement';
import { StoredLicensePools } from './application/stored-license-pools';
import { UpdateLicensePoolHandler } from './application/update-license-pool.command';
import { type LicensePool } from './domain/license-pool';
import { LICENSE_POOL_EVENTS } from './domain/license-pool-events';
import { LicensePoolRepository } from './domain/license-pool-ports';
import { type LicensePoolState, tokenRefsOf } from './domain/license-pool-state';
import { licensePoolProviders } from './license-pools.providers';
import { WorkerLicensesModule } from './worker-licenses.module';
import { settleLicenseSeats } from './persistence/settle-license-seats.step';

/**
 * Pools of licences, and who has their seats: gives licensing its LicensePools. The clocks, IdSource, the event store,
 * the vault and the buses are the root's to provide.
 */
@Module({})
export class LicensePoolsModule implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly registry: EventRegistry,
    private readonly feed: DirectoryFeed,
    private readonly directory: AggregateDirectory<LicensePool, LicensePoolState>,
    private readonly holders: SecretHolders,
    private readonly subscriptions: SubscriptionHost,
    private readonly settlement: SeatSettlement,
    private readonly pools: StoredLicensePools,
    private readonly schedules: LicensePoolsSchedules,
    private readonly clock: FleetClock,
    @Inject(LICENSING_OPTIONS) private readonly options: LicensingModuleOptions,
  ) {}

  static forRoot(options: LicensingModuleOptions): DynamicModule {
    return {
      module: LicensePoolsModule,
      imports: [WorkerLicensesModule],
      controllers: [LicensePoolsController],
      providers: [
        ...[CreateLicensePoolHandler, UpdateLicensePoolHandler, DeleteLicensePoolHandler],
        ...[FreeLicenseSeatHandler, GetLicensePoolHandler, ListLicensePoolsHandler],
        ...licensePoolProviders(),
        { provide: LICENSING_OPTIONS, useValue: options },
      ],
      exports: [LicensePools, LicensePoolRepository, LicensePoolsSchedules],
    };
  }

  onModuleInit(): void {
    this.registry.register(LICENSE_POOL_EVENTS);
    const refsOf = (state: LicensePoolState) => tokenRefsOf(state, this.clock.now());
    this.holders.add(new DirectorySecretHolder('licence pools', this.feed, this.directory, refsOf));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.feed.fill(this.directory);
    await this.subscriptions.add(processStep(settleLicenseSeats(this.settlement, this.pools), this.registry));
    if (this.options.autostart) this.schedules.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.schedules.stop();
  }
}
