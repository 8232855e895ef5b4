import { type Model } from 'mongoose';
import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { describeWorkerReadModel } from './worker-read-model.contract';
import { MongoWorkerReadModel } from './worker.mongo-read-model';
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
