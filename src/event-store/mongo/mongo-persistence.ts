import { type Provider } from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import { type Connection } from 'mongoose';
import { MachineClock } from '../../kernel/clocks';
import { AppendSignal } from '../append-signal';
import { CommitMaker } from '../commit-maker';
import { EventStore, IdempotencyStore, Leases, Reservations, SnapshotStore } from '../ports';
import { assertIndexes, ensureIndexes } from './indexes';
import { MongoEventStore } from './mongo-event-store';
import { MongoIdempotencyStore } from './mongo-idempotency-store';
import { MongoLeases } from './mongo-leases';
import { MongoReservations } from './mongo-reservations';
import { MongoSnapshotStore } from './mongo-snapshot-store';

/** The stores in the database of MongooseModule's default connection; nobody gets one before its indexes are there. */
export function mongoPersistence(
  indexes: 'create' | 'assert',
  pause: (machineMs: number) => Promise<void>,
): Provider[] {
  const connected = getConnectionToken();
  const timed = <T>(
    provide: abstract new () => T,
    make: (connection: Connection, clock: MachineClock) => T,
  ): Provider => ({ provide, inject: [connected, MachineClock], useFactory: make });
  return [
    {
      provide: EventStore,
      inject: [connected, CommitMaker, AppendSignal],
      useFactory: async (connection: Connection, maker: CommitMaker, signal: AppendSignal) => {
        await (indexes === 'create' ? ensureIndexes(connection) : assertIndexes(connection));
        return new MongoEventStore(connection, maker, signal, pause);
      },
    },
    {
      provide: SnapshotStore,
      inject: [connected],
      useFactory: (connection: Connection) => new MongoSnapshotStore(connection),
    },
    timed(Reservations, (connection, clock) => new MongoReservations(connection, clock)),
    timed(IdempotencyStore, (connection, clock) => new MongoIdempotencyStore(connection, clock)),
    timed(Leases, (connection, clock) => new MongoLeases(connection, clock)),
  ];
}
