import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { storeCollection } from '../../event-store';
import { HOUR, ManualClock, SystemClock } from '../../kernel/clocks';
import { type OperationStore } from '../domain/ports';
import { ACCEPTED_AT, anOperation } from '../testing/operation.builder';
import { MemoryOperations } from './memory-operations';
import { MongoOperations, OPERATIONS } from './mongo-operations';
import { operationsContract } from './operations.contract';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

operationsContract('memory', () => {
  const clock = new ManualClock(ACCEPTED_AT);
  return Promise.resolve({ store: new MemoryOperations(clock), pass: (ms: number) => clock.advance(ms) });
});

operationsContract('Mongo', async () => {
  await storeCollection(database.connection, OPERATIONS).deleteMany({});
  const store = await MongoOperations.open(database.connection, new SystemClock());
  return { store, pass: () => undefined };
});

describe('an operation that is due in a moment', () => {
  it('is not to be had before the clock of the database says so', async () => {
    await storeCollection(database.connection, OPERATIONS).deleteMany({});
    const store = await MongoOperations.open(database.connection, new SystemClock());
    await store.add(anOperation());
    const claimed = await store.claimDue(['count'], 'a', HOUR, ACCEPTED_AT);
    if (!claimed) throw new Error('nothing waits');
    // near enough for our own clock to ask the database
    await store.release(claimed.claim, 4_500);
    expect(await store.claimDue(['count'], 'b', HOUR, ACCEPTED_AT)).toBeNull();
  });
});

describe('operations that ended 30 days ago', () => {
  const endIt = async (store: OperationStore) => {
    await store.add(anOperation());
    const claimed = await store.claimDue(['count'], 'a', HOUR, ACCEPTED_AT);
    if (!claimed) throw new Error('nothing waits');
    const end = { state: 'succeeded', message: 'done', error: null, finishedAt: ACCEPTED_AT } as const;
    await store.finish(claimed.claim, end);
  };

  it('are forgotten in memory when others come; those that have not ended are kept', async () => {
    const clock = new ManualClock(ACCEPTED_AT);
    const store = new MemoryOperations(clock);
    await endIt(store);
    await store.add(anOperation({ id: 'o-2' }));
    clock.advance(30 * 24 * HOUR);
    await store.add(anOperation({ id: 'o-3' }));
    expect([await store.find('o-1'), (await store.find('o-2'))?.id]).toEqual([null, 'o-2']);
  });

  it('are dropped by the server', async () => {
    await storeCollection(database.connection, OPERATIONS).deleteMany({});
    const clock = new SystemClock();
    const store = await MongoOperations.open(database.connection, clock);
    const before = clock.now();
    await endIt(store);
    const rows = storeCollection(database.connection, OPERATIONS);
    expect(await rows.countDocuments({ endedAt: { $gte: before } })).toBe(1);
    expect(await rows.listIndexes().toArray()).toContainEqual(
      expect.objectContaining({ key: { endedAt: 1 }, expireAfterSeconds: 2_592_000 }) as unknown,
    );
  });
});
