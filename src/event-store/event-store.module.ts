import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  type InjectionToken,
  Module,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { AggregateStores } from './aggregate-stores';
import { AppendSignal } from './append-signal';
import { AppendWatch } from './append-watch';
import { DirectoryFeed } from './directory-feed';
import { EventRegistry } from './event-decoder';
import { eventStoreProviders } from './event-store.providers';
import { Installation } from './installation';
import { LeaseOwner } from './lease-owner';
import { LeasedTicks } from './leased-ticks';
import { LogSequencer } from './log-sequencer';
import { LogTail } from './log-tail';
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
import { PublicEvents } from './public-events';
import { type SealKey } from './ring-hmac';
import { SubscriptionHost } from './subscription-host';
import { ParkedStreams, Subscriptions } from './subscription-ports';

export interface EventStoreOptions {
  /** `mongo` takes the default connection of MongooseModule */
  readonly persistence: 'memory' | 'mongo';
  /** the first key seals new commits; all verify old ones */
  readonly keyRing: readonly SealKey[];
  /** `assert` where an administrator creates the indexes: the start then fails when one is missing; Mongo only */
  readonly indexes?: 'create' | 'assert';
  /** a global provider that must be there before anything is read or written, indexes included; Mongo only */
  readonly after?: InjectionToken;
  /** who this process is among the replicas, for its leases; no two may share it */
  readonly owner: string;
}

/**
 * Binds the ports of this folder for the whole application, which must provide FleetClock, MachineClock and IdSource
 * globally. The log is kept going and delivered from the application's start to its shutdown.
 */
@Module({})
export class EventStoreModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private endFeed: (() => void) | null = null;

  constructor(
    private readonly sequencer: LogSequencer,
    private readonly tail: LogTail,
    private readonly feed: DirectoryFeed,
    private readonly subscriptions: SubscriptionHost,
  ) {}

  static forRoot(options: EventStoreOptions): DynamicModule {
    const { persistence, keyRing, owner, indexes = 'create', after } = options;
    const stores = persistence === 'mongo' ? mongoPersistence(indexes, after) : memoryPersistence();
    return {
      module: EventStoreModule,
      global: true,
      providers: [
        ...stores,
        ...eventStoreProviders(keyRing),
        { provide: LeaseOwner, useValue: new LeaseOwner(owner) },
      ],
      exports: [
        ...[EventStore, SnapshotStore, Reservations, IdempotencyStore, Leases, CommitSeal, EventDecoder],
        ...[
          EventRegistry,
          AggregateStores,
          Installation,
          LeasedTicks,
          AppendSignal,
          AppendWatch,
          LogSequencer,
        ],
        ...[LogTail, DirectoryFeed, SubscriptionHost, Subscriptions, ParkedStreams, LeaseOwner, PublicEvents],
      ],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.tail.open();
    this.endFeed = this.feed.start();
    this.sequencer.start();
    this.subscriptions.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.subscriptions.stop();
    await this.sequencer.stop();
    this.endFeed?.();
    await this.feed.idle();
  }
}
