import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import { type Connection } from 'mongoose';
import { checkedProvider, LeasedTicks, type SealKey } from '../event-store';
import { MachineClock } from '../kernel/clocks';
import { IdSource } from '../kernel/ids';
import { MemorySecretRows } from './memory-secret-rows';
import { MongoSecretRows } from './mongo-secret-rows';
import { SealedSecretVault } from './sealed-secret-vault';
import { SecretCipher } from './secret-cipher';
import { SecretHolders } from './secret-holders';
import { SecretRows } from './secret-rows';
import { SecretSweep } from './secret-sweep';
import { SecretVault } from './secret-vault';
import { SecretsSchedules } from './secrets.schedules';

export interface SecretsModuleOptions {
  /** `mongo` takes the default connection of MongooseModule */
  readonly persistence: 'memory' | 'mongo';
  /** the first key encrypts; all decrypt */
  readonly keyRing: readonly SealKey[];
  /** names of all who add themselves to SecretHolders: unused secrets are removed only when all of them can be asked */
  readonly holders: readonly string[];
  /** off in tests that run the tick by hand */
  readonly autostart: boolean;
}

const OPTIONS = Symbol('SecretsModuleOptions');

/** The vault of secrets, for all modules. IdSource, the clocks and the event store are the root's to provide globally. */
@Module({})
export class SecretsModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly schedules: SecretsSchedules,
    @Inject(OPTIONS) private readonly options: SecretsModuleOptions,
  ) {}

  static forRoot(options: SecretsModuleOptions): DynamicModule {
    const { persistence, keyRing, holders } = options;
    return {
      module: SecretsModule,
      global: true,
      providers: [
        persistence === 'mongo'
          ? {
              provide: SecretRows,
              inject: [getConnectionToken()],
              useFactory: (connection: Connection) => MongoSecretRows.open(connection),
            }
          : { provide: SecretRows, useClass: MemorySecretRows },
        checkedProvider(
          SecretVault,
          [SecretRows, IdSource, MachineClock],
          (rows, ids, clock) => new SealedSecretVault(rows, new SecretCipher(keyRing), ids, clock),
        ),
        { provide: SecretHolders, useValue: new SecretHolders(holders) },
        checkedProvider(
          SecretsSchedules,
          [SecretRows, SecretHolders, MachineClock, LeasedTicks],
          (rows, held, clock, ticks) => new SecretsSchedules(new SecretSweep(rows, held, clock), ticks),
        ),
        { provide: OPTIONS, useValue: options },
      ],
      exports: [SecretVault, SecretHolders, SecretsSchedules],
    };
  }

  onApplicationBootstrap(): void {
    if (this.options.autostart) this.schedules.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.schedules.stop();
  }
}
