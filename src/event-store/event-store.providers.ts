import { setTimeout as pause } from 'node:timers/promises';
import { Logger, type Provider } from '@nestjs/common';
import { FleetClock, MachineClock } from '../kernel/clocks';
import { StoreUnavailable } from '../kernel/domain-error';
import { IdSource } from '../kernel/ids';
import { AggregateStores } from './aggregate-stores';
import { AppendSignal } from './append-signal';
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
    { provide: CommitSeal, useFactory: () => new HmacCommitSeal(keyRing) },
    { provide: LogSeal, useFactory: () => new LogSeal(keyRing) },
    made(CommitMaker, [FleetClock, CommitSeal], (...parts) => new CommitMaker(...parts)),
    made(
      EventStore,
      [CommitTable, LogTable, CommitMaker, LogSeal, AppendSignal, MachineClock],
      (commits, log, maker, seal, appended, clock) =>
        new TableEventStore({ commits, log, maker, seal, appended, clock, pause }),
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
    made(
      AggregateStores,
      [EventStore, SnapshotStore, CommitSeal, EventDecoder],
      (store, snapshots, seal, decoder) =>
        new AggregateStores({ store, snapshots, seal, decoder, report, random: Math.random, pause }),
    ),
    made(Installation, [EventStore, IdSource], (...parts) => new Installation(...parts)),
    made(
      PublicEvents,
      [EventDecoder, Installation],
      (decoder, installation) => new PublicEvents(decoder, installation, report),
    ),
    made(
      LeasedTicks,
      [Leases, LeaseOwner, MachineClock],
      (leases, owner, clock) => new LeasedTicks({ leases, owner, clock, report, warn, random: Math.random }),
    ),
    ...delivery(),
  ];
}

function delivery(): Provider[] {
  return [
    made(LogTail, [EventStore], (store) => new LogTail(store, report)),
    made(
      LogSequencer,
      [EventStore, AppendSignal, LogTail],
      (store, signal, tail) => new LogSequencer(store, signal, tail, report),
    ),
    made(DirectoryFeed, [EventStore, LogTail], (store, tail) => new DirectoryFeed(store, tail, report)),
    made(
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

type Token<T> = abstract new (...args: never[]) => T;

/** A provider whose factory is checked against what it injects. */
function made<T, D extends readonly unknown[]>(
  provide: Token<T>,
  inject: { [I in keyof D]: Token<D[I]> },
  useFactory: (...parts: D) => T,
): Provider {
  return { provide, inject: [...inject] as Token<unknown>[], useFactory };
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
