import { setTimeout as pause } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type Provider,
} from '@nestjs/common';
import { FleetClock, MachineClock } from '../kernel/clocks';
import { StoreUnavailable } from '../kernel/domain-error';
import { IdSource } from '../kernel/ids';
import { AggregateStores } from './aggregate-stores';
import { AppendSignal } from './append-signal';
import { CommitMaker } from './commit-maker';
import { EventRegistry } from './event-decoder';
import { HmacCommitSeal, type SealKey } from './hmac-commit-seal';
import { Installation, InstallationCreated } from './installation';
import { LeaseOwner } from './lease-owner';
import { LeasedTicks } from './leased-ticks';
import { LogSequencer } from './log-sequencer';
import { memoryPersistence } from './memory/memory-persistence';
import { mongoPersistence } from './mongo/mongo-persistence';
import {
  CommitSeal,
  EventDecoder,
  EventStore,
  IdempotencyStore,
  Leases,
  Reservations,
  SnapshotStore,
} from './ports';

export interface EventStoreOptions {
  /** `mongo` takes the default connection of MongooseModule */
  readonly persistence: 'memory' | 'mongo';
  /** the first key seals new commits; all verify old ones */
  readonly keyRing: readonly SealKey[];
  /** `assert` where an administrator creates the indexes: the start then fails when one is missing; Mongo only */
  readonly indexes?: 'create' | 'assert';
  /** who this process is among the replicas, for its leases; no two may share it */
  readonly owner: string;
}

/**
 * Binds the ports of this folder for the whole application, which must provide FleetClock, MachineClock and IdSource
 * globally. The log is kept going from the application's start to its shutdown.
 */
@Module({})
export class EventStoreModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(private readonly sequencer: LogSequencer) {}

  static forRoot({ persistence, keyRing, owner, indexes = 'create' }: EventStoreOptions): DynamicModule {
    const stores = persistence === 'mongo' ? mongoPersistence(indexes, pause) : memoryPersistence();
    return {
      module: EventStoreModule,
      global: true,
      providers: [
        ...stores,
        ...shared(),
        { provide: CommitSeal, useFactory: () => new HmacCommitSeal(keyRing) },
        { provide: LeaseOwner, useValue: new LeaseOwner(owner) },
      ],
      exports: [
        ...[EventStore, SnapshotStore, Reservations, IdempotencyStore, Leases, CommitSeal, EventDecoder],
        ...[EventRegistry, AggregateStores, Installation, LeasedTicks, AppendSignal, LogSequencer],
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.sequencer.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sequencer.stop();
  }
}

function shared(): Provider[] {
  return [
    AppendSignal,
    {
      provide: CommitMaker,
      inject: [FleetClock, CommitSeal],
      useFactory: (clock: FleetClock, seal: CommitSeal) => new CommitMaker(clock, seal),
    },
    {
      provide: EventRegistry,
      useFactory: () => {
        const registry = new EventRegistry();
        registry.register([InstallationCreated]);
        return registry;
      },
    },
    { provide: EventDecoder, useExisting: EventRegistry },
    {
      provide: AggregateStores,
      inject: [EventStore, SnapshotStore, EventDecoder],
      useFactory: (store: EventStore, snapshots: SnapshotStore, decoder: EventDecoder) =>
        new AggregateStores({ store, snapshots, decoder, report, random: Math.random, pause }),
    },
    {
      provide: Installation,
      inject: [EventStore, IdSource],
      useFactory: (store: EventStore, ids: IdSource) => new Installation(store, ids),
    },
    {
      provide: LeasedTicks,
      inject: [Leases, LeaseOwner, MachineClock],
      useFactory: (leases: Leases, owner: LeaseOwner, clock: MachineClock) =>
        new LeasedTicks(leases, owner, clock, report),
    },
    {
      provide: LogSequencer,
      inject: [EventStore, AppendSignal],
      useFactory: (store: EventStore, signal: AppendSignal) => new LogSequencer(store, signal, report),
    },
  ];
}

const logger = new Logger('EventStore');

/** A database that is away comes back; anything else needs a person. */
function report(error: unknown, during: string): void {
  const level = error instanceof StoreUnavailable ? 'warn' : 'error';
  logger[level]({ err: error }, `failed to ${during}`);
}
