import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { EventRegistry, replayedKind, storeCollection, StreamReplay } from '../../event-store';
import { ensureIndexes } from '../../event-store/mongo/indexes';
import { MongoAuditSource } from '../../event-store/mongo/mongo-audit-source';
import { MongoCommitTable } from '../../event-store/mongo/mongo-commit-table';
import { MongoLogTable } from '../../event-store/mongo/mongo-log-table';
import { benchParts } from '../../event-store/testing/event-store-bench';
import { TableEventStore } from '../../event-store/table-event-store';
import { WORKER_EVENTS } from '../domain/worker-events';
import { aNewWorker, commandsOf, workersOver } from '../testing/memory-workers';
import { ReadModelRebuild } from './read-model-rebuild';
import { WORKER_DEFINITION } from './worker-definition';
import { MongoWorkerDocuments } from './worker.mongo-documents';
import { MongoWorkerReadModel } from './worker.mongo-read-model';
import { WORKER_COLLECTION, WORKER_MODEL, type WorkerDocument, workerSchema } from './worker.schema';

const START = new Date('2026-03-01T08:00:00.000Z');
const IDS = ['w-1', 'w-2', 'w-3', 'w-4', 'w-5'];

let database: TestDatabase;
let workers: ReturnType<typeof workersOver>;
const command = commandsOf();
const documents = () => storeCollection<WorkerDocument>(database.connection, WORKER_COLLECTION);

beforeAll(async () => {
  database = await openTestDatabase();
  const { connection } = database;
  await ensureIndexes(connection);
  const { store: parts, seal, clock } = benchParts();
  const tables = { commits: new MongoCommitTable(connection), log: new MongoLogTable(connection) };
  const readModel = new MongoWorkerReadModel(connection.model<WorkerDocument>(WORKER_MODEL, workerSchema));
  const store = new TableEventStore({ ...parts, ...tables });
  workers = workersOver({ store, seal, clock }, readModel);
  for (const id of IDS) {
    await workers.repository.add(aNewWorker(id, { name: id, createdAt: START }), command());
    await rename(id, `${id}-renamed`);
  }
});
afterAll(() => database.drop());

const rename = (id: string, name: string) =>
  workers.repository.update(id, command(), (worker) => {
    worker.updateDetails({ ...worker.state, name }, START);
  });
const all = () => documents().find().sort({ _id: 1 }).toArray();
const damage = (_id: string, set: object) => documents().updateOne({ _id }, { $set: set });

async function rebuild(dryRun = false, before: (id: string) => Promise<unknown> = () => Promise.resolve()) {
  const decoder = new EventRegistry();
  decoder.register(WORKER_EVENTS);
  const replay = new StreamReplay(new MongoCommitTable(database.connection), decoder);
  const kind = replayedKind(WORKER_DEFINITION);
  const differences: string[] = [];
  const streams = await new MongoAuditSource(database.connection).streamsAfter(kind.kind, null, 100);
  const result = await new ReadModelRebuild({
    documents: new MongoWorkerDocuments(database.connection),
    reservations: workers.reservations,
    replay: async (id) => {
      const replayed = await replay.of(kind, id);
      await before(id);
      return replayed;
    },
    dryRun,
    onDifference: (id, what) => differences.push(`${id}: ${what}`),
    progress: () => undefined,
  }).run(streams.map((stream) => stream.slice('worker-'.length)));
  return { result, differences: differences.sort() };
}

describe('the rebuild of the list of workers', () => {
  it('repairs every kind of damage, and leaves what is right alone', async () => {
    const sound = await all();
    await damage('w-1', { status: 'RUNNING', tags: 'none', colour: 'blue' });
    await documents().deleteOne({ _id: 'w-2' });
    await damage('w-3', { v: 1, name: 'w-3', nameFolded: 'w-3' });
    await damage('w-4', { v: 9, name: 'of a later time' });
    await documents().insertOne({ ...sound[0], _id: 'w-9' } as WorkerDocument);
    const damaged = await all();

    const seen = { unchanged: 1, missing: 1, changed: 3, removed: 1, failed: 0, untaken: 0, contested: 0 };
    const differences = [
      'w-1: its document differs in status, tags, colour',
      'w-2: it has no document',
      'w-3: its document differs in name, v, nameFolded',
      'w-4: its document differs in name, v',
      'w-9: its document stands for no worker',
    ];
    expect(await rebuild(true)).toEqual({ result: seen, differences });
    expect(await all()).toEqual(damaged);
    expect(await rebuild()).toEqual({ result: seen, differences });
    expect(await all()).toEqual(sound);
    expect((await rebuild()).result).toMatchObject({ unchanged: 5, changed: 0 });
  });

  it('repairs a document without a version', async () => {
    const sound = await all();
    await documents().updateOne({ _id: 'w-1' }, { $unset: { v: 1 } });
    expect((await rebuild()).result).toMatchObject({ changed: 1 });
    expect(await all()).toEqual(sound);
  });

  it('takes names that are in use and not taken, and tells those that another has', async () => {
    const { reservations } = workers;
    await reservations.free('name:w-1-renamed', 'worker-w-1', 100);
    await reservations.free('name:w-3-renamed', 'worker-w-3', 100);
    await reservations.take('name:w-3-renamed', 'worker-w-99', 1);
    const differences = [
      'w-1: The name "w-1-renamed" was not taken',
      'w-3: The name "w-3-renamed" is taken by worker-w-99',
    ];
    for (const dryRun of [true, false]) {
      expect(await rebuild(dryRun)).toMatchObject({ result: { untaken: 1, contested: 1 }, differences });
    }
    expect(await reservations.holder('name:w-1-renamed')).toBe('worker-w-1');
    await reservations.free('name:w-3-renamed', 'worker-w-99', 1);
    expect((await rebuild()).result).toMatchObject({ untaken: 1, contested: 0 });
  });

  it('leaves alone what cannot be replayed, and goes on', async () => {
    const stream = 'worker-w-8';
    const foreign = { type: 'worker.future', schema: 7, id: 'e', data: {} };
    const commits = storeCollection<{ _id: string }>(database.connection, 'es_commits');
    const commit = {
      _id: `${stream}:0000000001`,
      stream,
      first: 1,
      last: 1,
      commitId: 'c',
      events: [foreign],
    };
    await commits.insertOne({ ...commit, meta: {}, at: START, previousHash: null, hash: 'x' } as never);
    await damage('w-1', { name: 'other' });
    const { result, differences } = await rebuild();
    await commits.deleteOne({ _id: commit._id });
    expect(result).toMatchObject({ changed: 1, failed: 1 });
    expect(differences).toContain('w-8: left alone: nobody registered worker.future v7');
  });

  it('looks again where a document that was wrong turned others away', async () => {
    await damage('w-2', { v: 500, name: 'too new' });
    await documents().insertOne({ ...(await all())[0], _id: 'w-7', v: 3 } as WorkerDocument);
    const met = new Set<string>();
    await rebuild(false, async (id) => {
      // after the stream was read, and before the document is replaced
      if (met.has(id)) return;
      met.add(id);
      if (id === 'w-2') await rename('w-2', 'named meanwhile');
      if (id === 'w-7') await workers.repository.add(aNewWorker('w-7', { createdAt: START }), command());
    });
    const names = new Map((await all()).map(({ _id, name }) => [_id, name]));
    expect([names.get('w-2'), names.get('w-7')]).toEqual(['named meanwhile', 'worker-w-7']);
  });

  it('loses nothing that a busy writer commits meanwhile', async () => {
    await damage('w-1', { name: 'damaged' });
    await documents().deleteOne({ _id: 'w-3' });
    let turns = 0;
    const { result } = await rebuild(false, async () => {
      turns += 1;
      if (turns <= 12) await rename(turns % 2 === 0 ? 'w-1' : 'w-3', `name-${turns}`);
    });
    expect(result.failed).toBe(0);
    expect((await rebuild(true)).differences).toEqual([]);
    const names = (await all()).map(({ _id, name }) => `${_id} ${name}`);
    const present = async (id: string) => `${id} ${(await workers.repository.getById(id))?.state.name}`;
    expect(names).toEqual(await Promise.all([...IDS, 'w-7'].map(present)));
  });
});
