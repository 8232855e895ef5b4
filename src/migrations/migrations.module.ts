import { setTimeout as pause } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Logger,
  Module,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import { type Connection } from 'mongoose';
import { LeaseOwner, Leases } from '../event-store';
import { MachineClock } from '../kernel/clocks';
import { type Migration } from './migration';
import { MigrationRecords } from './migration-records';
import { MIGRATIONS } from './migrations';
import { Migrator } from './migrator';

/** There once all migrations are done that must be done before anything is read or written. */
export const MIGRATED = Symbol('MIGRATED');

const AUTOSTART = Symbol('AUTOSTART');

export interface MigrationsModuleOptions {
  readonly migrations?: readonly Migration[];
  /** off in tests that run what goes on behind by hand */
  readonly autostart: boolean;
}

/** Brings what earlier versions stored into the form of this one. For MongoDB: what is in memory has no past. */
@Module({})
export class MigrationsModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly migrator: Migrator,
    @Inject(AUTOSTART) private readonly autostart: boolean,
  ) {}

  static forRoot({ migrations = MIGRATIONS, autostart }: MigrationsModuleOptions): DynamicModule {
    return {
      module: MigrationsModule,
      global: true,
      providers: [
        { provide: AUTOSTART, useValue: autostart },
        {
          provide: Migrator,
          inject: [getConnectionToken(), Leases, LeaseOwner, MachineClock],
          useFactory: (connection: Connection, leases: Leases, { name }: LeaseOwner, clock: MachineClock) =>
            new Migrator({
              ...{ migrations, connection, leases, owner: name, clock },
              records: new MigrationRecords(connection),
              pause: (ms, signal) => pause(ms, undefined, { signal }),
              report: (err, during) => logger.error({ err }, `failed to ${during}`),
              tell: (message, about) => logger.log(about, message),
            }),
        },
        { provide: MIGRATED, inject: [Migrator], useFactory: (migrator: Migrator) => migrator.before() },
      ],
      exports: [MIGRATED],
    };
  }

  onApplicationBootstrap(): void {
    if (this.autostart) this.migrator.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.migrator.stop();
  }
}

const logger = new Logger('Migrations');
