import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { ManualClock, SystemClock } from '../../kernel/clocks';
import { idempotencyStoreContract } from '../contracts/idempotency-store.contract';
import { leasesContract } from '../contracts/leases.contract';
import { reservationsContract } from '../contracts/reservations.contract';
import { snapshotStoreContract } from '../contracts/snapshot-store.contract';
import { storeCollection } from './collections';
import { IDEMPOTENCY, MongoIdempotencyStore } from './mongo-idempotency-store';
import { LEASES, MongoLeases } from './mongo-leases';
import { MongoReservations, RESERVATIONS } from './mongo-reservations';
import { MongoSnapshotStore, SNAPSHOTS } from './mongo-snapshot-store';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const empty = (name: string) => storeCollection(database.connection, name).deleteMany({});

snapshotStoreContract('Mongo', async () => {
  await empty(SNAPSHOTS);
  return new MongoSnapshotStore(database.connection);
});

reservationsContract('Mongo', async () => {
  await empty(RESERVATIONS);
  // no expiry is at work here, so time may stand
  const clock = new ManualClock(new Date('2026-01-05T08:00:00.000Z'));
  return { clock, reservations: new MongoReservations(database.connection, clock) };
});

idempotencyStoreContract('Mongo', async () => {
  await empty(IDEMPOTENCY);
  const clock = new ManualClock(new Date('2026-01-05T08:00:00.000Z'));
  return { clock, store: new MongoIdempotencyStore(database.connection, clock) };
});

leasesContract('Mongo', async () => {
  await empty(LEASES);
  return { leases: new MongoLeases(database.connection, new SystemClock()), pass: () => undefined };
});
