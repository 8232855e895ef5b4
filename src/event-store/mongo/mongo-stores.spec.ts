import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { ManualClock, MINUTE, SystemClock } from '../../kernel/clocks';
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

describe('MongoLeases', () => {
  const clock = new ManualClock(new Date('2027-01-01T00:00:00Z'));

  it('make a row anew that was deleted, with fences above all before', async () => {
    await empty(LEASES);
    const leases = new MongoLeases(database.connection, clock);
    const before = await leases.claim('reap', 'a', MINUTE);
    await empty(LEASES);
    clock.advance(MINUTE);
    const after = await leases.claim('reap', 'a', MINUTE);
    expect(after?.fence).toBeGreaterThan(before?.fence ?? Infinity);
    await empty(LEASES);
    await leases.plan('reap', { first: clock.now(), latest: clock.now() });
    expect((await leases.states(['reap'])).get('reap')).toEqual({ dueAt: clock.now(), owner: '' });
  });
});
