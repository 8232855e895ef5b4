import { connectTo, openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { type ManualClock } from '../../kernel/clocks';
import { StoreUnavailable } from '../../kernel/domain-error';
import { headAfter } from '../commit-chain';
import { type EventStore } from '../ports';
import { StreamConflict } from '../store-errors';
import { aRequest } from '../testing/books';
import { FaultyNetwork } from '../testing/faulty-network';
import { benchParts } from '../testing/event-store-bench';
import { COMMITS } from './commit-document';
import { ensureIndexes } from './indexes';
import { TableEventStore } from '../table-event-store';
import { MongoCommitTable } from './mongo-commit-table';
import { MongoLogTable } from './mongo-log-table';

describe('an append whose answer is lost', () => {
  let database: TestDatabase;
  let network: FaultyNetwork;
  let close: () => Promise<void>;
  let store: EventStore;
  let pauses: number[];
  let slow: () => void;
  let direct: EventStore;
  let clock: ManualClock;

  beforeEach(async () => {
    database = await openTestDatabase();
    await ensureIndexes(database.connection);
    network = await FaultyNetwork.before(database.uri);
    // the driver's own repetitions would hide ours
    const options = { retryWrites: false, retryReads: false };
    const connection = await connectTo(network.through(database.uri), options);
    close = () => connection.close();
    pauses = [];
    slow = () => undefined;
    const pause = (ms: number) => {
      pauses.push(ms);
      slow();
      return Promise.resolve();
    };
    const parts = benchParts(pause);
    clock = parts.clock;
    const over = (through: typeof connection) =>
      new TableEventStore({
        ...parts.store,
        commits: new MongoCommitTable(through),
        log: new MongoLogTable(through),
      });
    store = over(connection);
    direct = over(database.connection);
  });

  afterEach(async () => {
    await close();
    await network.close();
    await database.drop();
  });

  it('is repeated, and finds its own commit', async () => {
    network.loseAnswers('insert', COMMITS, 1);
    const commit = await store.append(aRequest());
    expect(pauses).toEqual([50]);
    expect(await direct.load('book-b1')).toEqual([commit]);
  });

  it('is a conflict when another commit was there before', async () => {
    const first = await direct.append(aRequest());
    await direct.append(aRequest({ head: headAfter(first), commandId: 'command-2' }));
    network.loseAnswers('insert', COMMITS, 1);
    const late = store.append(aRequest({ head: headAfter(first), commandId: 'command-3' }));
    await expect(late).rejects.toThrow(StreamConflict);
    expect(pauses).toEqual([50]);
  });

  it('is given up after a while, with an error that asks for a repetition', async () => {
    network.loseAnswers('insert', COMMITS, Infinity);
    await expect(store.append(aRequest())).rejects.toThrow(StoreUnavailable);
    expect(pauses).toEqual([50, 100, 200, 400, 800]);
    network.loseAnswers('insert', COMMITS, 0);
    expect(await store.append(aRequest())).toEqual((await direct.load('book-b1'))[0]);
  });

  it('is given up sooner where each try takes long, so that the client is answered while it waits', async () => {
    network.loseAnswers('insert', COMMITS, Infinity);
    slow = () => clock.advance(5_000);
    await expect(store.append(aRequest())).rejects.toThrow(StoreUnavailable);
    expect(pauses).toEqual([50]);
  });

  it('is not the only thing that tells of a database without an answer', async () => {
    network.loseAnswers('find', COMMITS, Infinity);
    await expect(store.load('book-b1')).rejects.toThrow(StoreUnavailable);
  });
});
