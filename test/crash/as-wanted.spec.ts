import { MongoWorkerReadModel } from '../../src/workers/persistence/worker.mongo-read-model';
import { WORKER_MODEL, type WorkerDocument, workerSchema } from '../../src/workers/persistence/worker.schema';
import { aWorker, type WorkerBuilder } from '../../src/workers/testing/worker.builder';
import { openTestDatabase, type TestDatabase } from '../support/test-database';
import { isAsWanted, unlaunchedWorkers } from './as-wanted';

let database: TestDatabase;
let model: MongoWorkerReadModel;
beforeAll(async () => {
  database = await openTestDatabase();
  const documents = database.connection.model<WorkerDocument>(WORKER_MODEL, workerSchema);
  await documents.createCollection();
  model = new MongoWorkerReadModel(documents);
});
afterAll(() => database.drop());

const WORKERS: readonly (readonly [what: string, worker: WorkerBuilder, asWanted: boolean])[] = [
  ['runs, as it is wanted', aWorker().running(), true],
  ['runs still, and is wanted STOPPED', aWorker().running().wanted('STOPPED'), false],
  ['was never launched, and is wanted RUNNING', aWorker(), false],
  ['was never launched, and is wanted TERMINATED', aWorker().wanted('TERMINATED'), false],
  ['was never launched, and is wanted STOPPED', aWorker().wanted('STOPPED'), true],
  ['may have been launched, and is wanted STOPPED', aWorker().launchRequested().wanted('STOPPED'), false],
  ['was launched, and is wanted STOPPED', aWorker().launched().wanted('STOPPED'), false],
];

it.each(WORKERS)('tells of a worker that %s whether it is as wanted', async (what, worker, asWanted) => {
  const state = { ...worker.build().state, id: what };
  await model.put(state, 1);
  const listed = { id: what, status: state.status, desiredState: state.desired.state };
  expect(isAsWanted(listed, await unlaunchedWorkers(database.connection))).toBe(asWanted);
});
