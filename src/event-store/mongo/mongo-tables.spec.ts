import { setTimeout as pause } from 'node:timers/promises';
import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { eventLogContract } from '../contracts/event-log.contract';
import { eventStoreContract } from '../contracts/event-store.contract';
import { type Commit } from '../ports';
import { CorruptStream } from '../store-errors';
import { headAfter } from '../commit-chain';
import { aRequest } from '../testing/books';
import { benchParts, type EventStoreBench } from '../testing/event-store-bench';
import { storeCollection } from './collections';
import { type CommitDocument, COMMITS, LOG } from './commit-document';
import { ensureIndexes } from './indexes';
import { TableEventStore } from '../table-event-store';
import { MongoCommitTable } from './mongo-commit-table';
import { MongoLogTable } from './mongo-log-table';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await ensureIndexes(database.connection);
});
afterAll(() => database.drop());

const commits = () => storeCollection<CommitDocument>(database.connection, COMMITS);

async function open(): Promise<EventStoreBench> {
  await commits().deleteMany({});
  await storeCollection(database.connection, LOG).deleteMany({});
  const { clock, seal, logSeal, store } = benchParts(pause);
  const tables = () => ({
    commits: new MongoCommitTable(database.connection),
    log: new MongoLogTable(database.connection),
  });
  const ours = tables();
  const another = () => new TableEventStore({ ...store, ...tables() });
  return {
    store: new TableEventStore({ ...store, ...ours }),
    ...{ clock, seal, logSeal, ...ours, placing: ours.log },
    another: () => Promise.resolve(another()),
    tamper: async (_id, actor) =>
      void (await commits().updateOne({ _id }, { $set: { 'meta.actor': actor } })),
    close: () => Promise.resolve(),
  };
}

eventStoreContract('Mongo', open);
eventLogContract('Mongo', open);

describe('Mongo event store', () => {
  it('decides nothing from a stream with a hole', async () => {
    const { store } = await open();
    const first = await store.append(aRequest());
    await store.append(aRequest({ head: headAfter(first), commandId: 'command-2' }));
    await commits().deleteOne({ _id: first.id });
    await expect(store.load('book-b1')).rejects.toThrow(CorruptStream);
  });

  it('flags what another process placed and died before flagging', async () => {
    const { store } = await open();
    const { id } = await store.append(aRequest());
    await store.sequence();
    await commits().updateOne({ _id: id }, { $set: { sequenced: false } });
    expect(await store.sequence()).toBe(0);
    expect(await commits().findOne({ _id: id })).toMatchObject({ sequenced: true });
    expect(await store.logEnd()).toBe(1);
  });

  it.each(['first', 'second'])(
    'keeps the order of a stream when the %s look missed its beginning',
    async (look) => {
      const { store } = await open();
      const other = await store.append(aRequest({ stream: 'book-b2' }));
      const first = await store.append(aRequest());
      const second = await store.append(aRequest({ head: headAfter(first), commandId: 'command-2' }));
      const shown = (...some: Commit[]) =>
        some.map(({ id, stream, first, hash }) => ({ id, stream, first, hash }));
      const scans = jest.spyOn(MongoCommitTable.prototype, 'unplaced');
      if (look === 'second') scans.mockResolvedValueOnce(shown(other));
      scans.mockResolvedValueOnce(shown(other, second));
      await store.sequence();
      scans.mockRestore();
      const ofStream = (await store.readLog(0, 10)).filter(({ commit }) => commit.stream === 'book-b1');
      expect(ofStream.map(({ commit }) => commit.id)).toEqual([first.id, second.id]);
    },
  );

  it('places more commits than one batch holds', async () => {
    const { store } = await open();
    const streams = Array.from({ length: 230 }, (_, index) => `book-b${index}`);
    await Promise.all(streams.map((stream) => store.append(aRequest({ stream }))));
    expect(await store.sequence()).toBe(230);
    const log = await store.readLog(0, 1000);
    expect(log.map(({ position }) => position)).toEqual(streams.map((_, index) => index + 1));
  });
});
