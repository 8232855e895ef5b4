import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { storeCollection } from '../../event-store';
import { HOUR, ManualClock, SystemClock } from '../../kernel/clocks';
import { aDelivery } from '../testing/delivery.builder';
import { deliveriesContract } from './deliveries.contract';
import { MemoryDeliveries } from './memory-deliveries';
import { DELIVERIES, MongoDeliveries } from './mongo-deliveries';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const START = new Date('2027-01-01T12:00:00.000Z');

deliveriesContract('memory', () => {
  const clock = new ManualClock(START);
  const pass = (ms: number) => clock.advance(ms);
  return Promise.resolve({ deliveries: new MemoryDeliveries(clock), clock, pass });
});

deliveriesContract('Mongo', async () => {
  await storeCollection(database.connection, DELIVERIES).deleteMany({});
  const clock = new SystemClock();
  const deliveries = await MongoDeliveries.open(database.connection, clock);
  return { deliveries, clock, pass: () => undefined };
});

describe('a delivery that is due in a moment', () => {
  it('is not to be had before the clock of the database says so', async () => {
    await storeCollection(database.connection, DELIVERIES).deleteMany({});
    const deliveries = await MongoDeliveries.open(database.connection, new SystemClock());
    await deliveries.add([aDelivery()]);
    const claim = await deliveries.claim('d-1', 'a', HOUR);
    if (!claim) throw new Error('it cannot be had');
    // near enough for our own clock to ask the database
    await deliveries.record(claim, null, { state: 'pending', pauseMs: 4_500 });
    expect(await deliveries.claim('d-1', 'b', HOUR)).toBeNull();
    expect(await deliveries.find('d-1')).toMatchObject({ owner: null, fence: 1 });
  });
});

describe('deliveries that are 30 days old', () => {
  it('are forgotten in memory when others come', async () => {
    const clock = new ManualClock(START);
    const deliveries = new MemoryDeliveries(clock);
    await deliveries.add([aDelivery()]);
    clock.advance(30 * 24 * HOUR);
    await deliveries.add([aDelivery({ id: 'd-2' })]);
    expect([await deliveries.find('d-1'), (await deliveries.find('d-2'))?.id]).toEqual([null, 'd-2']);
  });

  it('are dropped by the server', async () => {
    await MongoDeliveries.open(database.connection, new SystemClock());
    const indexes = await storeCollection(database.connection, DELIVERIES).listIndexes().toArray();
    expect(indexes).toContainEqual(
      expect.objectContaining({ key: { createdAt: 1 }, expireAfterSeconds: 2_592_000 }) as unknown,
    );
  });
});
