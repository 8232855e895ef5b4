import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { storeCollection } from '../../event-store';
import { MINUTE, ManualClock, plus } from '../../kernel/clocks';
import { Secret } from '../../kernel/secret';
import { NOW } from '../testing/labs-bench';
import { labHistoryContract } from './lab-history.contract';
import { MemoryLabHistory } from './memory-lab-history';
import { MemoryTopologies } from './memory-topologies';
import { LAB_HISTORY, MongoLabHistory } from './mongo-lab-history';
import { LAB_TOPOLOGIES, MongoTopologies } from './mongo-topologies';
import { aTopology, topologiesContract } from './topologies.contract';

let database: TestDatabase;
const clock = new ManualClock(NOW);
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());
beforeEach(() => clock.set(NOW));

const collection = (name: string) => storeCollection<{ _id: string }>(database.connection, name);

labHistoryContract('memory', () => Promise.resolve(new MemoryLabHistory()));
labHistoryContract('Mongo', async () => {
  await collection(LAB_HISTORY).deleteMany({});
  return MongoLabHistory.open(database.connection, clock);
});

const openTopologies = async () => {
  await collection(LAB_TOPOLOGIES).deleteMany({});
  return MongoTopologies.open(database.connection, clock);
};
topologiesContract('memory', () => Promise.resolve(new MemoryTopologies()));
topologiesContract('Mongo', openTopologies);

it('topologies rest zipped, and live on from when they were last kept', async () => {
  const store = await openTopologies();
  const text = 'node: router\n'.repeat(1_000);
  await store.keep(aTopology('t-1', 0), new Secret(text));
  clock.advance(MINUTE);
  await store.keep(aTopology('t-1', 0), new Secret(text));
  const row = (await collection(LAB_TOPOLOGIES).findOne({ _id: 't-1' })) as unknown as {
    gzip: { buffer: Uint8Array };
    storedAt: Date;
  };
  expect([...row.gzip.buffer.subarray(0, 2)]).toEqual([0x1f, 0x8b]);
  expect(row.gzip.buffer.length).toBeLessThan(200);
  expect(row.storedAt).toEqual(plus(NOW, MINUTE));
});

it.each([
  [LAB_HISTORY, 'recordedAt'],
  [LAB_TOPOLOGIES, 'storedAt'],
])('%s is forgotten after 90 days', async (name, field) => {
  await MongoLabHistory.open(database.connection, clock);
  await openTopologies();
  expect(await collection(name).indexes()).toContainEqual(
    expect.objectContaining({ key: { [field]: 1 }, expireAfterSeconds: 7_776_000 }),
  );
});
