import { setTimeout as pause } from 'node:timers/promises';
import { Logger, type Provider } from '@nestjs/common';
import { FleetClock, MachineClock } from '../kernel/clocks';
import { StoreUnavailable } from '../kernel/domain-error';
import { IdSource } from '../kernel/ids';
import { AggregateStores } from './aggregate-stores';
import { AppendSignal } from './append-signal';
import { AppendWatch } from './append-watch';
import { checkedProvider } from './checked-provider';
import { CommitMaker } from './commit-maker';
import { DirectoryFeed } from './directory-feed';
import { EventRegistry } from './event-decoder';
import { HmacCommitSeal } from './hmac-commit-seal';
import { Installation, InstallationCreated } from './installation';
import { LeaseOwner } from './lease-owner';
import { LeasedTicks } from './leased-ticks';
import { LogSeal } from './log-seal';
import { LogSequencer } from './log-sequencer';
import { LogTail } from './log-tail';
import { CommitSeal, EventDecoder, EventStore, Leases, SnapshotStore } from './ports';
import { PublicEvents } from './public-events';
import { type SealKey } from './ring-hmac';
import { SubscriptionHost } from './subscription-host';
import { ParkedStreams, Subscriptions } from './subscription-ports';
import { TableEventStore } from './table-event-store';
import { CommitTable, LogTable } from './tables';

/** What stands on the tables, the same for every kind of them. */
export function eventStoreProviders(keyRing: readonly SealKey[]): Provider[] {
  return [
    AppendSignal,
    AppendWatch,
    { provide: CommitSeal, useFactory: () => new HmacCommitSeal(keyRing) },
    { provide: LogSeal, useFactory: () => new LogSeal(keyRing) },
    checkedProvider(CommitMaker, [FleetClock, CommitSeal], (...parts) => new CommitMaker(...parts)),
    checkedProvider(
      EventStore,
      [CommitTable, LogTable, CommitMaker, LogSeal, AppendSignal, AppendWatch, MachineClock],
      (commits, log, maker, seal, appended, watch, clock) =>
        new TableEventStore({ commits, log, maker, seal, appended, watch, clock, pause }),
    ),
    {
      provide: EventRegistry,
      useFactory: () => {
        const registry = new EventRegistry();
        registry.register([InstallationCreated]);
        return registry;
      },
    },
    { provide: EventDecoder, useExisting: EventRegistry },
    checkedProvider(
      AggregateStores,
      [EventStore, SnapshotStore, CommitSeal, EventDecoder],
      (store, snapshots, seal, decoder) =>
        new AggregateStores({ store, snapshots, seal, decoder, report, random: Math.random, pause }),
    ),
    checkedProvider(Installation, [EventStore, IdSource], (...parts) => new Installation(...parts)),
    checkedProvider(
      PublicEvents,
      [EventDecoder, Installation],
      (decoder, installation) => new PublicEvents(decoder, installation, report),
    ),
    checkedProvider(
      LeasedTicks,
      [Leases, LeaseOwner, MachineClock],
      (leases, owner, clock) => new LeasedTicks({ leases, owner, clock, report, warn, random: Math.random }),
    ),
    ...delivery(),
  ];
}

function delivery(): Provider[] {
  return [
    checkedProvider(LogTail, [EventStore], (store) => new LogTail(store, report)),
    checkedProvider(
      LogSequencer,
      [EventStore, AppendSignal, LogTail],
      (store, signal, tail) => new LogSequencer(store, signal, tail, report),
    ),
    checkedProvider(
      DirectoryFeed,
      [EventStore, LogTail],
      (store, tail) => new DirectoryFeed(store, tail, report),
    ),
    checkedProvider(
      SubscriptionHost,
      [EventStore, Subscriptions, ParkedStreams, LogTail, MachineClock, LeaseOwner],
      (store, subscriptions, parked, tail, clock, { name: owner }) =>
        new SubscriptionHost({
          ...{ store, subscriptions, parked, tail, clock, owner, report },
          random: Math.random,
        }),
    ),
  ];
}

const logger = new Logger('EventStore');

function warn(message: string, about: object): void {
  logger.warn(about, message);
}

/** A database that is away comes back; anything else needs a person. */
function report(error: unknown, during: string): void {
  const level = error instanceof StoreUnavailable ? 'warn' : 'error';
  logger[level]({ err: error }, `failed to ${during}`);
}
