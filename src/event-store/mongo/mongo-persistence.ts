import { type InjectionToken, type Provider } from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import { type Connection } from 'mongoose';
import { MachineClock } from '../../kernel/clocks';
import { IdempotencyStore, Leases, Reservations, SnapshotStore } from '../ports';
import { ParkedStreams, Subscriptions } from '../subscription-ports';
import { CommitTable, LogTable } from '../tables';
import { assertIndexes, ensureIndexes } from './indexes';
import { MongoCommitTable } from './mongo-commit-table';
import { MongoIdempotencyStore } from './mongo-idempotency-store';
import { MongoLeases } from './mongo-leases';
import { MongoLogTable } from './mongo-log-table';
import { MongoParkedStreams } from './mongo-parked-streams';
import { MongoReservations } from './mongo-reservations';
import { MongoSnapshotStore } from './mongo-snapshot-store';
import { MongoSubscriptions } from './mongo-subscriptions';

type Make<T> = (connection: Connection, clock: MachineClock) => T;

/**
 * The stores in the database of MongooseModule's default connection; nobody writes before the indexes are there, nor
 * before what they are to come after.
 */
export function mongoPersistence(indexes: 'create' | 'assert', after?: InjectionToken): Provider[] {
  const inject = [getConnectionToken(), MachineClock];
  const stored = <T>(provide: abstract new () => T, make: Make<T>): Provider => ({
    provide,
    inject,
    useFactory: make,
  });
  return [
    {
      provide: CommitTable,
      inject: after === undefined ? inject : [...inject, after],
      useFactory: async (connection: Connection) => {
        await (indexes === 'create' ? ensureIndexes(connection) : assertIndexes(connection));
        return new MongoCommitTable(connection);
      },
    },
    stored(LogTable, (connection) => new MongoLogTable(connection)),
    stored(SnapshotStore, (connection) => new MongoSnapshotStore(connection)),
    stored(Subscriptions, (connection, clock) => new MongoSubscriptions(connection, clock)),
    stored(ParkedStreams, (connection) => new MongoParkedStreams(connection)),
    stored(Reservations, (connection, clock) => new MongoReservations(connection, clock)),
    stored(IdempotencyStore, (connection, clock) => new MongoIdempotencyStore(connection, clock)),
    stored(Leases, (connection, clock) => new MongoLeases(connection, clock)),
  ];
}
