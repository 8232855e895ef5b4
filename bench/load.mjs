// Loads an aggregate at its worst, with 99 commits after its latest snapshot, against findOne of one such commit.
import { built } from './built.mjs';
import { openStore, withDatabase } from './database.mjs';
import { interleaved, rate } from './measure.mjs';
import { measurement, MEASUREMENTS, someContext } from './measured-aggregate.mjs';

const { headAfter, EMPTY } = built('event-store/commit-chain');
const { storeCollection } = built('event-store/mongo/collections');

const EVENTS = 999;
const LOADS = 40;
const ROUNDS = { warmUp: 3, rounds: 15 };

export async function benchLoad() {
  await withDatabase('load', async (connection) => {
    const { store, openAggregates } = await openStore(connection);
    const commits = storeCollection(connection, 'es_commits');
    const snapshots = storeCollection(connection, 'es_snapshots');
    let head = EMPTY;
    for (let n = 1; n < 900; n += 1) {
      const events = [measurement('1')];
      head = headAfter(await store.append({ stream: 'bench-1', head, events, context: someContext() }));
    }
    const aggregates = openAggregates(MEASUREMENTS);
    for (let n = 900; n <= EVENTS; n += 1) {
      await aggregates.change('1', someContext(), (measurements) => measurements.measure());
    }
    const { version } = await snapshots.findOne({ _id: 'bench-1' });
    if (version !== 900) throw new Error(`the snapshot stands at ${version}`);
    const from = { $gt: 'bench-1:0000000900', $lte: 'bench-1:9999999999' };

    const rows = [
      ['find of these 99 commits, by the driver', () => commits.find({ _id: from }).toArray()],
      ['EventStore.load of these 99 commits', () => store.load('bench-1', { afterVersion: 900 })],
      ['AggregateStore.load, nothing cached', () => openAggregates(MEASUREMENTS).load('1')],
      ['AggregateStore.load, again', () => aggregates.load('1')],
    ];
    console.log('\nload 999 events, 99 after the snapshot       ms   x findOne');
    for (const [name, load] of rows) {
      const { ours, theirs } = await interleaved(
        ROUNDS,
        () => rate(1, LOADS, load),
        () => rate(1, LOADS, () => commits.findOne({ _id: 'bench-1:0000000950' })),
      );
      const [ms, times] = [(1_000 / ours).toFixed(2), (theirs / ours).toFixed(2)];
      console.log(`${name.padEnd(40)} ${ms.padStart(6)}   ${times.padStart(9)}`);
    }
  });
}
