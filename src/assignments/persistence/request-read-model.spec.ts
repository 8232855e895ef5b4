import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { storeCollection } from '../../event-store';
import { HOUR, ManualClock, SystemClock } from '../../kernel/clocks';
import { anOrder, NOW } from '../testing/assignment.builder';
import { WorkerRequest } from '../domain/worker-request';
import { MemoryRequestReadModel } from './memory-request-read-model';
import { MongoRequestReadModel, WORKER_REQUESTS } from './mongo-request-read-model';
import { requestReadModelContract } from './request-read-model.contract';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

requestReadModelContract('memory', () => Promise.resolve(new MemoryRequestReadModel(new ManualClock(NOW))));

requestReadModelContract('Mongo', async () => {
  await storeCollection(database.connection, WORKER_REQUESTS).deleteMany({});
  return MongoRequestReadModel.open(database.connection, new SystemClock());
});

describe('requests that ended 90 days ago', () => {
  const ended = (id: string) => {
    const request = WorkerRequest.make(id, anOrder(), NOW);
    request.cancel('user:ann', NOW);
    return request.state;
  };
  const all = { userId: null, states: null, visible: null, after: null, limit: 10 };

  it('are forgotten in memory when others come', async () => {
    const clock = new ManualClock(NOW);
    const model = new MemoryRequestReadModel(clock);
    await model.put(ended('r-1'), 2);
    await model.put(WorkerRequest.make('r-2', anOrder(), NOW).state, 1);
    clock.advance(90 * 24 * HOUR);
    await model.put(ended('r-3'), 2);
    expect((await model.page(all)).map(({ id }) => id).sort()).toEqual(['r-2', 'r-3']);
  });

  it('are dropped by the server', async () => {
    await storeCollection(database.connection, WORKER_REQUESTS).deleteMany({});
    const clock = new SystemClock();
    const before = clock.now();
    const model = await MongoRequestReadModel.open(database.connection, clock);
    await model.put(ended('r-1'), 2);
    await model.put(WorkerRequest.make('r-2', anOrder(), NOW).state, 1);
    const rows = storeCollection(database.connection, WORKER_REQUESTS);
    expect(await rows.countDocuments({ forgetFrom: { $gte: before } })).toBe(1);
    expect(await rows.listIndexes().toArray()).toContainEqual(
      expect.objectContaining({ key: { forgetFrom: 1 }, expireAfterSeconds: 7_776_000 }) as unknown,
    );
  });
});
