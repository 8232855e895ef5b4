import { type Model } from 'mongoose';
import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { type Reach } from '../../kernel/reach';
import { describeWorkerReadModel } from './worker-read-model.contract';
import { within } from './worker.mongo-reach';
import { IDLE_ORDER, idleFilter, MongoWorkerReadModel } from './worker.mongo-read-model';
import { WORKER_MODEL, type WorkerDocument, workerSchema } from './worker.schema';

let database: TestDatabase;
let model: Model<WorkerDocument>;
beforeAll(async () => {
  database = await openTestDatabase();
  model = database.connection.model<WorkerDocument>(WORKER_MODEL, workerSchema);
  await model.createCollection();
  await model.createIndexes();
});
afterAll(() => database.drop());

describeWorkerReadModel('Mongo', async () => {
  await model.deleteMany({});
  return new MongoWorkerReadModel(model);
});

it('refuses a filter on a field that does not exist, rather than match everything', async () => {
  await expect(model.find({ statuss: 'RUNNING' } as object)).rejects.toThrow('statuss');
});

/** The indexes by which a query is answered, as `explain` of MongoDB or of FerretDB tells; not what was only looked at. */
function indexesIn(explained: unknown): string[] {
  const notTaken = ['rejectedPlans', 'IndexCosts'];
  const plan = JSON.stringify(explained, (member, value: unknown) =>
    notTaken.includes(member) ? undefined : value,
  );
  return [
    ...new Set([...plan.matchAll(/"(?:indexName|Index Name)":"([^"]+)"/g)].map(([, name]) => name ?? '')),
  ];
}

it('finds idle workers by their index, among many that are not', async () => {
  await model.deleteMany({});
  const now = new Date('2027-01-15T12:00:00.000Z').getTime();
  const documents = Array.from({ length: 500 }, (_, index) => ({
    ...{ _id: `w-${index}`, status: index % 4 === 0 ? 'STOPPED' : 'RUNNING', activeLabsCount: index % 3 },
    ...{ lastActivityAt: new Date(now - index * 60_000), releasedAt: null },
  }));
  await model.collection.insertMany(documents as never[]);
  const idle = model.find(idleFilter(new Date(now - 400 * 60_000))).sort(IDLE_ORDER);
  expect(indexesIn(await idle.explain())).toEqual(['idle']);
});

it.each<[string, Reach, ...string[]]>([
  ['a region', [{ regions: ['us-east-1'] }], 'active-by-region', 'by-instance'],
  ['a tag', [{ tags: [{ key: 'team', value: 'net' }] }], 'by-tag'],
  ['single workers', [{ workerIds: ['w-1', 'w-2'] }], '_id_'],
])('finds the workers of %s by an index, among many others', async (_, reach, ...indexes) => {
  await model.deleteMany({});
  const documents = Array.from({ length: 500 }, (_unused, number) => ({
    ...{ _id: `w-${number}`, awsRegion: number === 7 ? 'us-east-1' : 'eu-west-1', releasedAt: null },
    tags: [{ key: 'team', value: number === 7 ? 'net' : `other-${number}` }],
  }));
  await model.collection.insertMany(documents as never[]);
  const taken = indexesIn(await model.find({ $and: within(reach) }).explain());
  expect(taken).toHaveLength(1);
  expect(indexes).toContain(taken[0]);
});
