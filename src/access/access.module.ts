import {
  type DynamicModule,
  Logger,
  Module,
  type ModuleMetadata,
  type OnApplicationBootstrap,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import { type Connection } from 'mongoose';
import {
  AggregateDirectory,
  AggregateStores,
  DirectoryFeed,
  EventDecoder,
  EventRegistry,
} from '../event-store';
import { Authenticator } from '../http';
import { MachineClock } from '../kernel/clocks';
import { ApiKeysController } from './api/api-keys.controller';
import { MeController } from './api/me.controller';
import { AccessAuthenticator } from './application/access-authenticator';
import { ApiKeyAuthenticator } from './application/api-key-authenticator';
import { ApiKeyDirectory } from './application/api-key-directory';
import { BOOTSTRAP_OPTIONS, BootstrapAdmin, type BootstrapOptions } from './application/bootstrap-admin';
import { CreateApiKeyHandler } from './application/create-api-key.command';
import { RandomKeyGenerator } from './application/key-text';
import { KeyUseRecorder } from './application/key-use-recorder';
import { ListApiKeysHandler } from './application/list-api-keys.query';
import { RevokeApiKeyHandler } from './application/revoke-api-key.command';
import { RotateApiKeyHandler } from './application/rotate-api-key.command';
import { type ApiKey, type ApiKeyState } from './domain/api-key';
import { API_KEY_EVENTS } from './domain/api-key-events';
import { ApiKeyRepository, KeyGenerator, KeyUsage } from './domain/ports';
import { AssignedGrants, TokenAuthenticator } from './domain/rights-ports';
import { API_KEY_DEFINITION } from './persistence/api-key-definition';
import { API_KEY_UPCASTERS } from './persistence/api-key-upcasters';
import { EventSourcedApiKeyRepository } from './persistence/event-sourced.api-key-repository';
import { MemoryKeyUsage } from './persistence/key-usage.memory';
import { MongoKeyUsage } from './persistence/key-usage.mongo';

export interface AccessModuleOptions extends BootstrapOptions {
  /** `mongo` takes the default connection of MongooseModule */
  readonly persistence: 'memory' | 'mongo';
  /** modules that export AssignedGrants, RightsDetails or TokenAuthenticator; what none exports is not there */
  readonly imports?: ModuleMetadata['imports'];
}

/** API keys and who they belong to. The clocks, IdSource, the event store and the buses are the root's to provide. */
@Module({})
export class AccessModule implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly registry: EventRegistry,
    private readonly feed: DirectoryFeed,
    private readonly keys: AggregateDirectory<ApiKey, ApiKeyState>,
    private readonly bootstrap: BootstrapAdmin,
  ) {}

  static forRoot({ persistence, imports = [], ...options }: AccessModuleOptions): DynamicModule {
    return {
      module: AccessModule,
      imports,
      controllers: [ApiKeysController, MeController],
      providers: [
        CreateApiKeyHandler,
        RevokeApiKeyHandler,
        RotateApiKeyHandler,
        ListApiKeysHandler,
        { provide: KeyGenerator, useClass: RandomKeyGenerator },
        persistence === 'mongo'
          ? {
              provide: KeyUsage,
              inject: [getConnectionToken()],
              useFactory: (connection: Connection) => new MongoKeyUsage(connection),
            }
          : { provide: KeyUsage, useClass: MemoryKeyUsage },
        ...directoryProviders(),
        BootstrapAdmin,
        { provide: BOOTSTRAP_OPTIONS, useValue: options },
      ],
      exports: [Authenticator],
    };
  }

  onModuleInit(): void {
    this.registry.register(API_KEY_EVENTS, API_KEY_UPCASTERS);
  }

  /** Requests are served only when all keys are known, also one that another process made first just now. */
  async onApplicationBootstrap(): Promise<void> {
    await this.feed.fill(this.keys);
    await this.bootstrap.run();
    await this.feed.readAll();
  }
}

function directoryProviders(): Provider[] {
  const logger = new Logger('Access');
  return [
    {
      provide: AggregateDirectory,
      inject: [EventDecoder],
      useFactory: (decoder: EventDecoder) =>
        new AggregateDirectory(API_KEY_DEFINITION, decoder, (err, during) =>
          logger.error({ err }, `failed to ${during}`),
        ),
    },
    {
      provide: ApiKeyDirectory,
      inject: [AggregateDirectory],
      useFactory: (keys: AggregateDirectory<ApiKey, ApiKeyState>) => new ApiKeyDirectory(keys),
    },
    {
      provide: ApiKeyRepository,
      inject: [AggregateStores, ApiKeyDirectory],
      useFactory: (stores: AggregateStores, directory: ApiKeyDirectory) =>
        new EventSourcedApiKeyRepository(
          stores.open(API_KEY_DEFINITION, (_commit, _events, key) => directory.put(key)),
        ),
    },
    {
      provide: Authenticator,
      inject: [
        ApiKeyDirectory,
        KeyUsage,
        MachineClock,
        { token: TokenAuthenticator, optional: true },
        { token: AssignedGrants, optional: true },
      ],
      useFactory: (
        directory: ApiKeyDirectory,
        usage: KeyUsage,
        clock: MachineClock,
        tokens: TokenAuthenticator | null = null,
        assigned: AssignedGrants | null = null,
      ): Authenticator => {
        const keys = new ApiKeyAuthenticator(directory, new KeyUseRecorder(usage), clock);
        return new AccessAuthenticator({ keys, tokens, assigned });
      },
    },
  ];
}
