import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { storeCollection } from '../../event-store';
import { HOUR, ManualClock, SystemClock } from '../../kernel/clocks';
import { aPosting, START } from '../testing/notices-bench';
import { MemoryOutbox } from './memory-outbox';
import { MongoOutbox, NOTICES } from './mongo-outbox';
import { outboxContract } from './outbox.contract';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

outboxContract('memory', () => {
  const clock = new ManualClock(START);
  const pass = (ms: number) => clock.advance(ms);
  return Promise.resolve({ outbox: new MemoryOutbox(clock), clock, pass });
});

outboxContract('Mongo', async () => {
  await storeCollection(database.connection, NOTICES).deleteMany({});
  const clock = new SystemClock();
  const outbox = await MongoOutbox.open(database.connection, clock);
  return { outbox, clock, pass: () => undefined };
});

describe('two processes with one outbox in the database', () => {
  it('send each notice once, however they race', async () => {
    await storeCollection(database.connection, NOTICES).deleteMany({});
    const processes = await Promise.all(
      ['a', 'b'].map(() => MongoOutbox.open(database.connection, new SystemClock())),
    );
    const ids = Array.from({ length: 30 }, (_, index) => `p-${index}`);
    await processes[0]?.add(ids.map((id) => aPosting({ id, noticeId: id })));
    const drained = processes.map(async (outbox, process) => {
      const got: string[] = [];
      for (let misses = 0, turn = 0; misses < 20; turn += 1) {
        const posting = await outbox.claimDue(['webhook'], `${process}#${turn}`, HOUR);
        if (posting) got.push(posting.id);
        else misses += 1;
      }
      return got;
    });
    const got = (await Promise.all(drained)).flat();
    expect(got.sort()).toEqual(ids.sort());
  });
});

describe('notices that are 30 days old', () => {
  it('are forgotten in memory when others come', async () => {
    const clock = new ManualClock(START);
    const outbox = new MemoryOutbox(clock);
    await outbox.add([aPosting()]);
    clock.advance(30 * 24 * HOUR);
    await outbox.add([aPosting({ id: 'p-2', noticeId: 'n-2' })]);
    expect([await outbox.ofNotice('n-1'), (await outbox.ofNotice('n-2')).length]).toEqual([[], 1]);
  });

  it('are dropped by the server', async () => {
    await MongoOutbox.open(database.connection, new SystemClock());
    const indexes = await storeCollection(database.connection, NOTICES).listIndexes().toArray();
    expect(indexes).toContainEqual(
      expect.objectContaining({ key: { createdAt: 1 }, expireAfterSeconds: 2_592_000 }) as unknown,
    );
  });
});
