// Loads an aggregate of 1,000 events, some of them after its snapshot, against findOne of one of its commits.
import { built } from './built.mjs';
import { openStore, withDatabase } from './database.mjs';
import { interleaved, pace } from './measure.mjs';
import { measurement, MEASUREMENTS, someContext } from './measured-aggregate.mjs';

const { AggregateSnapshots, SNAPSHOT_EVERY } = built('event-store/aggregate-snapshots');
const { commitIdOf } = built('event-store/stream-name');
const { headAfter, EMPTY } = built('event-store/commit-chain');
const { storeCollection } = built('event-store/mongo/collections');

const EVENTS = 1_000;
const LOADS = 20;
const ROUNDS = { warmUp: 4, rounds: 25 };

/** A stream of single-event commits with a snapshot so many before its end. */
async function aStream(id, { store, services }, after) {
  const stream = `bench-${id}`;
  const snapshots = new AggregateSnapshots(services, MEASUREMENTS.snapshotSchema);
  let head = EMPTY;
  for (let n = 1; n <= EVENTS; n += 1) {
    const events = [measurement(id)];
    const commit = await store.append({ stream, head, events, context: someContext() });
    head = headAfter(commit);
    if (n === EVENTS - after) await snapshots.take(commit, { count: n, cpu: 1.5 * n, last: commit.at });
  }
  return stream;
}

export async function benchLoad() {
  await withDatabase('load', async (connection) => {
    const parts = await openStore(connection);
    const { store, openAggregates } = parts;
    const commits = storeCollection(connection, 'es_commits');
    const known = openAggregates(MEASUREMENTS);

    console.log(`\nload ${EVENTS} events                                          ms   x findOne`);
    for (const after of [99, SNAPSHOT_EVERY - 1]) {
      const id = String(after);
      const stream = await aStream(id, parts, after);
      const range = { $gt: commitIdOf(stream, EVENTS - after), $lte: commitIdOf(stream, 9_999_999_999) };
      const rows = [
        ['find of the commits, by the driver', () => commits.find({ _id: range }).sort({ _id: 1 }).toArray()],
        ['find of their ids only', () => commits.find({ _id: range }).project({ _id: 1 }).toArray()],
        ['EventStore.load', () => store.load(stream, { afterVersion: EVENTS - after })],
        ['AggregateStore.load, first time', () => openAggregates(MEASUREMENTS).load(id)],
        ['AggregateStore.load, known', () => known.load(id)],
      ];
      for (const [name, load] of rows) {
        const { ours, ratio } = await interleaved(
          ROUNDS,
          () => pace(1, LOADS, load),
          () => pace(1, LOADS, () => commits.findOne({ _id: commitIdOf(stream, EVENTS - 5) })),
        );
        const [ms, times] = [(1_000 / ours.perSecond).toFixed(2), (1 / ratio).toFixed(2)];
        console.log(
          `${`${after} after the snapshot: ${name}`.padEnd(58)} ${ms.padStart(5)}   ${times.padStart(9)}`,
        );
      }
    }
  });
}
