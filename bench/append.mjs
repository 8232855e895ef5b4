// Appends to the event store against insertOne of the driver: the same documents but for the name of the stream (which
// has the same length), the same indexes and write concern.
import { built } from './built.mjs';
import { openStore, withDatabase } from './database.mjs';
import { interleaved, pace } from './measure.mjs';
import { measurement, someContext } from './measured-aggregate.mjs';

const { EMPTY, headAfter } = built('event-store/commit-chain');
const { storeCollection } = built('event-store/mongo/collections');
const { toDocument } = built('event-store/mongo/commit-document');

/** of all writers together, in one round */
const APPENDS = { 1: 100, 16: 320, 64: 320 };
const ROUNDS = { warmUp: 6, rounds: 31 };

const request = (stream, head) => ({ stream, head, events: [measurement('b')], context: someContext() });

/** The documents that appends to these streams would write, by writer. */
function documentsOf(maker, streams, count) {
  return streams.map((stream) => {
    let head = EMPTY;
    return Array.from({ length: count }, () => {
      const commit = maker.make(request(stream, head));
      head = headAfter(commit);
      return toDocument(commit);
    });
  });
}

export async function benchAppend() {
  console.log('append one event  ratio: insertOne/s append/s  µs of this process for each');
  for (const writers of [1, 16, 64]) {
    await withDatabase(`append_${writers}`, async (connection) => {
      const { store, maker } = await openStore(connection);
      const raw = storeCollection(connection, 'raw_commits');
      await raw.createIndexes([
        { key: { stream: 1, commitId: 1 }, unique: true },
        { key: { at: 1, _id: 1 }, partialFilterExpression: { sequenced: false } },
      ]);
      const count = APPENDS[writers] / writers;
      const streams = (round) => Array.from({ length: writers }, (_, writer) => `bench-${round}x${writer}`);

      const append = (round) => {
        const names = streams(round);
        const heads = names.map(() => EMPTY);
        return pace(writers, count, async (writer) => {
          heads[writer] = headAfter(await store.append(request(names[writer], heads[writer])));
        });
      };
      const insert = (round) => {
        const documents = documentsOf(maker, streams(round), count);
        return pace(writers, count, (writer, n) => raw.insertOne(documents[writer][n]));
      };
      const { ours, theirs, ratio } = await interleaved(ROUNDS, append, insert);
      const figures = [theirs.perSecond, ours.perSecond, theirs.cpuMicros, ours.cpuMicros];
      const row = figures.map((value) => value.toFixed(0).padStart(9)).join(' ');
      console.log(`${String(writers).padStart(2)} writers  ${ratio.toFixed(2).padStart(6)} ${row}`);
    });
  }
}
