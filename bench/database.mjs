// A database of the bench's own on the test server, with an event store in it.
import { built, require } from './built.mjs';
import { Measured } from './measured-aggregate.mjs';

const { createConnection } = require('mongoose');
const { ManualClock } = built('kernel/clocks');
const { AggregateStores } = built('event-store/aggregate-stores');
const { AppendSignal } = built('event-store/append-signal');
const { CommitMaker } = built('event-store/commit-maker');
const { EventRegistry } = built('event-store/event-decoder');
const { HmacCommitSeal } = built('event-store/hmac-commit-seal');
const { ensureIndexes } = built('event-store/mongo/indexes');
const { LogSeal } = built('event-store/log-seal');
const { MongoCommitTable } = built('event-store/mongo/mongo-commit-table');
const { MongoLogTable } = built('event-store/mongo/mongo-log-table');
const { TableEventStore } = built('event-store/table-event-store');
const { MongoSnapshotStore } = built('event-store/mongo/mongo-snapshot-store');

const SERVER =
  process.env.MONGODB_TEST_URI ?? 'mongodb://127.0.0.1:27117/?directConnection=true&retryWrites=false';

/** The connection string with a database of the bench's own, whatever it named: what is measured is dropped. */
export function databaseUri(name) {
  const [, server, options = ''] = /^(mongodb(?:[+]srv)?:[/][/][^/?]+)[^?]*([?].*)?$/.exec(SERVER) ?? [];
  if (!server) throw new Error('MONGODB_TEST_URI is not a MongoDB connection string');
  return `${server}/cml_fleet_bench_${name}_${process.pid}${options}`;
}

/** Runs `work` with a connection to a fresh database, and drops that afterwards. */
export async function withDatabase(name, work) {
  const options = { serverSelectionTimeoutMS: 3_000, maxPoolSize: 64 };
  const connection = await createConnection(databaseUri(name), options).asPromise();
  try {
    return await work(connection);
  } finally {
    await connection.dropDatabase();
    await connection.close();
  }
}

/** What an event store is made from, and the store: the one place that knows how. */
export async function openStore(connection) {
  await ensureIndexes(connection);
  const ring = [{ kid: 'k1', key: Buffer.alloc(32, 1) }];
  const seal = new HmacCommitSeal(ring);
  const clock = new ManualClock(new Date());
  const maker = new CommitMaker(clock, seal);
  const pause = () => Promise.resolve();
  const store = new TableEventStore({
    commits: new MongoCommitTable(connection),
    log: new MongoLogTable(connection),
    seal: new LogSeal(ring),
    appended: new AppendSignal(),
    ...{ maker, clock, pause },
  });
  const decoder = new EventRegistry();
  decoder.register([Measured]);
  const report = (error) => {
    throw error;
  };
  const snapshots = new MongoSnapshotStore(connection);
  const services = { store, snapshots, seal, decoder, report, random: Math.random, pause };
  /** as a process has it that starts now */
  const openAggregates = (definition) => new AggregateStores(services).open(definition);
  return { maker, store, services, openAggregates };
}
