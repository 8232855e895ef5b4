import { Logger, type Provider } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  AggregateDirectory,
  AggregateStores,
  checkedProvider,
  EventDecoder,
  LeasedTicks,
  Reservations,
} from '../event-store';
import { FleetClock, MachineClock } from '../kernel/clocks';
import { IdSource } from '../kernel/ids';
import { LicensePoolDirectory } from './application/license-pool-directory';
import { LicensePools } from './application/license-pools';
import { LicensePoolsSchedules } from './application/license-pools.schedules';
import { SeatSettlement } from './application/seat-settlement';
import { StoredLicensePools } from './application/stored-license-pools';
import { type LicensePool } from './domain/license-pool';
import { LicensedWorkers, LicensePoolRepository } from './domain/license-pool-ports';
import { WorkerLicenses } from './domain/worker-license-ports';
import { type LicensePoolState } from './domain/license-pool-state';
import { EventSourcedLicensePoolRepository } from './persistence/event-sourced.license-pool-repository';
import { LICENSE_POOL_DEFINITION } from './persistence/license-pool-definition';
import { StoredLicensedWorkers } from './persistence/stored-licensed-workers';

/** What the pools are made from, but for commands and queries. */
export function licensePoolProviders(): Provider[] {
  const logger = new Logger('LicensePools');
  const report = (err: unknown, during: string) => logger.error({ err }, `failed to ${during}`);
  return [
    checkedProvider(
      AggregateDirectory<LicensePool, LicensePoolState>,
      [EventDecoder],
      (decoder) => new AggregateDirectory(LICENSE_POOL_DEFINITION, decoder, report),
    ),
    checkedProvider(
      LicensePoolDirectory,
      [AggregateDirectory<LicensePool, LicensePoolState>],
      (pools) => new LicensePoolDirectory(pools),
    ),
    checkedProvider(
      LicensePoolRepository,
      [AggregateStores, Reservations, LicensePoolDirectory],
      (stores, reservations, directory) =>
        new EventSourcedLicensePoolRepository(
          stores.open(LICENSE_POOL_DEFINITION, (_commit, _events, pool) => directory.put(pool)),
          reservations,
        ),
    ),
    checkedProvider(
      StoredLicensePools,
      [LicensePoolRepository, FleetClock, IdSource],
      (pools, clock, ids) => new StoredLicensePools(pools, clock, ids),
    ),
    { provide: LicensePools, useExisting: StoredLicensePools },
    checkedProvider(
      LicensedWorkers,
      [AggregateStores, QueryBus],
      (stores, queries) => new StoredLicensedWorkers(stores, queries),
    ),
    checkedProvider(
      SeatSettlement,
      [LicensedWorkers, LicensePools, WorkerLicenses],
      (workers, pools, licenses) => new SeatSettlement(workers, pools, licenses),
    ),
    checkedProvider(
      LicensePoolsSchedules,
      [LicensePoolRepository, LicensePoolDirectory, SeatSettlement, LeasedTicks, MachineClock, IdSource],
      (pools, directory, settlement, ticks, clock, ids) =>
        new LicensePoolsSchedules({ pools, directory, settlement, ticks, clock, ids }),
    ),
  ];
}
