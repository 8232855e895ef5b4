// Append and load of the event store against the raw driver, in one run, with the same bytes and write concern.
// Only the ratios mean something: they hold on any machine.
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import '../scripts/compile.mjs';

const require = createRequire(import.meta.url);
require('reflect-metadata');
const { createConnection } = require('mongoose');
const { ManualClock } = require('../.build/kernel/clocks.js');
const { eventOf } = require('../.build/kernel/domain-event.js');
const { EMPTY, headAfter } = require('../.build/event-store/commit-chain.js');
const { HmacCommitSeal } = require('../.build/event-store/hmac-commit-seal.js');
const { AppendSignal } = require('../.build/event-store/append-signal.js');
const { CommitMaker } = require('../.build/event-store/commit-maker.js');
const { storeCollection } = require('../.build/event-store/mongo/collections.js');
const { ensureIndexes } = require('../.build/event-store/mongo/indexes.js');
const { MongoEventStore } = require('../.build/event-store/mongo/mongo-event-store.js');

const SERVER =
  process.env.MONGODB_TEST_URI ?? 'mongodb://127.0.0.1:27117/?directConnection=true&retryWrites=false';
const APPENDS = 300;
const EVENTS = 1_000;
const ROUNDS = 3;

class Measured extends eventOf('bench.measured') {}

/** Operations per second of `operation`, run `count` times by each of `writers`. */
async function rate(writers, count, operation) {
  const start = performance.now();
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let n = 0; n < count; n += 1) await operation(writer, n);
    }),
  );
  return (writers * count * 1_000) / (performance.now() - start);
}

/** The URI with a database of the bench's own, whatever it named: what is measured here is dropped afterwards. */
function withDatabase(uri, name) {
  const [, server, options = ''] = /^(mongodb(?:[+]srv)?:[/][/][^/?]+)[^?]*([?].*)?$/.exec(uri) ?? [];
  if (!server) throw new Error('MONGODB_TEST_URI is not a MongoDB connection string');
  return `${server}/${name}${options}`;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function main() {
  const uri = withDatabase(SERVER, `cml_fleet_bench_${process.pid}`);
  const connection = await createConnection(uri, {
    serverSelectionTimeoutMS: 3_000,
    maxPoolSize: 64,
  }).asPromise();
  try {
    await ensureIndexes(connection);
    const seal = new HmacCommitSeal([{ kid: 'k1', key: Buffer.alloc(32, 1) }]);
    const maker = new CommitMaker(new ManualClock(new Date()), seal);
    const store = new MongoEventStore(connection, maker, new AppendSignal(), () => Promise.resolve());
    const raw = storeCollection(connection, 'raw_commits');
    await raw.createIndexes([
      { key: { stream: 1, commitId: 1 }, unique: true },
      { key: { at: 1, _id: 1 }, partialFilterExpression: { sequenced: false } },
    ]);
    const request = (stream, head) => ({
      stream,
      head,
      events: [new Measured('b', { cpu: 1.5, labs: 0, at: new Date(), text: 'x'.repeat(200) })],
      context: {
        actor: 'user:bench',
        reason: null,
        correlationId: 'c',
        causationId: null,
        commandId: randomUUID(),
      },
    });

    console.log('append one event        raw insertOne/s   store append/s   ratio');
    for (const writers of [1, 16]) {
      const ratios = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const count = Math.ceil(APPENDS / writers);
        const heads = new Map();
        const appends = await rate(writers, count, async (writer) => {
          const stream = `bench-${round}x${writers}x${writer}`;
          heads.set(stream, headAfter(await store.append(request(stream, heads.get(stream) ?? EMPTY))));
        });
        const [sample] = await storeCollection(connection, 'es_commits').find().limit(1).toArray();
        const inserts = await rate(writers, count, () =>
          raw.insertOne({ ...sample, _id: randomUUID(), commitId: randomUUID() }),
        );
        ratios.push([appends / inserts, inserts, appends]);
      }
      const middle = median(ratios.map(([ratio]) => ratio));
      const [ratio, inserts, appends] = ratios.find(([value]) => value === middle);
      const row = [inserts, appends].map((value) => value.toFixed(0).padStart(16)).join(' ');
      console.log(
        `${String(writers).padStart(2)} writer(s)         ${row}   ${ratio.toFixed(2).padStart(5)}`,
      );
    }

    let head = EMPTY;
    for (let n = 0; n < EVENTS; n += 1) head = headAfter(await store.append(request('bench-long', head)));
    const found = await rate(1, 10, () =>
      storeCollection(connection, 'es_commits').find({ stream: 'bench-long' }).toArray(),
    );
    const loaded = await rate(1, 10, () => store.load('bench-long'));
    console.log(`\nload ${EVENTS} events: ${(found / loaded).toFixed(2)} x the time of the raw find`);
  } finally {
    await connection.dropDatabase();
    await connection.close();
  }
}

await main();
