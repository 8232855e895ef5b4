import { type DynamicModule, Module } from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import { type Connection } from 'mongoose';
import { type SealKey } from '../event-store';
import { IdSource } from '../kernel/ids';
import { MemorySecretRows } from './memory-secret-rows';
import { MongoSecretRows } from './mongo-secret-rows';
import { SealedSecretVault } from './sealed-secret-vault';
import { SecretCipher } from './secret-cipher';
import { SecretRows } from './secret-rows';
import { SecretVault } from './secret-vault';

export interface SecretsModuleOptions {
  /** `mongo` takes the default connection of MongooseModule */
  readonly persistence: 'memory' | 'mongo';
  /** the first key encrypts; all decrypt */
  readonly keyRing: readonly SealKey[];
}

/** The vault of secrets, for all modules. IdSource is the root's to provide globally. */
@Module({})
export class SecretsModule {
  static forRoot({ persistence, keyRing }: SecretsModuleOptions): DynamicModule {
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
        {
          provide: SecretVault,
          inject: [SecretRows, IdSource],
          useFactory: (rows: SecretRows, ids: IdSource) =>
            new SealedSecretVault(rows, new SecretCipher(keyRing), ids),
        },
      ],
      exports: [SecretVault],
    };
  }
}
