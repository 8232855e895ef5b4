import { openTestDatabase } from '../../../test/support/test-database';
import { HOUR, ManualClock, plus } from '../../kernel/clocks';
import { audit, type AuditReport } from '../audit/audit';
import { type Anchor } from '../audit/log-audit';
import { headAfter } from '../commit-chain';
import { CommitMaker } from '../commit-maker';
import { EventRegistry } from '../event-decoder';
import { HmacCommitSeal } from '../hmac-commit-seal';
import { storeCollection } from '../mongo/collections';
import { type CommitDocument, COMMITS, LOG, type LogDocument, toDocument } from '../mongo/commit-document';
import { ensureIndexes } from '../mongo/indexes';
import { MongoCommitTable } from '../mongo/mongo-commit-table';
import { MongoLogTable } from '../mongo/mongo-log-table';
import { RESERVATIONS } from '../mongo/mongo-reservations';
import { SNAPSHOTS } from '../mongo/mongo-snapshot-store';
import { SUBSCRIPTIONS } from '../mongo/mongo-subscriptions';
import { type SealKey } from '../ring-hmac';
import { replayedKind } from '../stream-replay';
import { TableEventStore } from '../table-event-store';
import { aRequest, BookMoved, BookPlaced, BOOKS, START } from './books';
import { benchParts } from './event-store-bench';

const RING: readonly SealKey[] = [{ kid: 'k1', key: Buffer.alloc(32, 1) }];
/** Whoever writes to the database has no key of the ring. */
export const FORGERS_RING: readonly SealKey[] = [{ kid: 'k1', key: Buffer.alloc(32, 66) }];
export const READ_MODEL = 'books';
export const USES = 'book_uses';
export const NOW = plus(START, 48 * HOUR);
const COLLECTIONS = [COMMITS, LOG, SNAPSHOTS, SUBSCRIPTIONS, RESERVATIONS, READ_MODEL, USES];

/**
 * A store on the real database with three books, each placed and moved twice, in turn: position 1 of the log is b1's, 2
 * b2's, 3 b3's, 4 b1's again and so on; and with what else tells of them.
 */
export async function openAuditBench() {
  const database = await openTestDatabase();
  const { connection } = database;
  await ensureIndexes(connection);
  const of = (name: string) => storeCollection<{ _id: string }>(connection, name);
  const commits = storeCollection<CommitDocument>(connection, COMMITS);
  const log = storeCollection<LogDocument>(connection, LOG);
  const { store: parts } = benchParts();
  const store = new TableEventStore({
    ...parts,
    ...{ commits: new MongoCommitTable(connection), log: new MongoLogTable(connection) },
  });
  const append = async (book: string, commandId: string) => {
    const last = (await store.load(`book-${book}`)).at(-1);
    const event = last
      ? new BookMoved(book, { to: commandId })
      : new BookPlaced(book, { shelf: 'A', at: START, tags: {} });
    const head = last && { head: headAfter(last) };
    await store.append(aRequest({ stream: `book-${book}`, events: [event], commandId, ...head }));
  };
  const commit = async (_id: string) => (await commits.findOne({ _id })) as CommitDocument;
  for (const round of [1, 2, 3]) {
    for (const book of ['b1', 'b2', 'b3']) await append(book, `${book}-${round}`);
    await store.sequence();
  }
  const { at, hash } = await commit('book-b1:0000000002');
  const state = { shelf: 'b1-2', placedAt: START, moves: 1 };
  await of(SNAPSHOTS).insertOne({ _id: 'book-b1', version: 2, schema: 1, at, hash, state } as never);
  await of(SUBSCRIPTIONS).insertOne({ _id: 'read-model:books', position: 9 } as never);
  await of(RESERVATIONS).insertMany([
    { _id: 'title:a', stream: 'book-b1', takenAt: START },
    { _id: 'title:new', stream: 'book-b9', takenAt: NOW },
  ] as never[]);
  await of(READ_MODEL).insertMany(['b1', 'b2', 'b3'].map((_id) => ({ _id, v: 3 })));
  await of(USES).insertMany(['b1', 'b2'].map((_id) => ({ _id })));
  const sound = await Promise.all(
    COLLECTIONS.map(async (name) => ({ name, documents: await of(name).find().toArray() })),
  );

  return {
    ...{ of, commits, log, store, append, commit, close: () => database.drop() },
    line: async (_id: number) => (await log.findOne({ _id })) as LogDocument,
    /** Puts everything back as it was at first. */
    restore: async () => {
      for (const { name, documents } of sound) {
        await of(name).deleteMany({});
        await of(name).insertMany(documents);
      }
    },
    /** A commit as the program would write it after that one, but for the key. */
    forged: async (after: string): Promise<CommitDocument> => {
      const { last: version, stream, ...end } = await commit(after);
      const maker = new CommitMaker(new ManualClock(NOW), new HmacCommitSeal(FORGERS_RING));
      const head = { version, at: end.at, hash: end.hash };
      return toDocument(maker.make(aRequest({ stream, head, commandId: 'forged' })));
    },
    look: (anchor: Anchor | null = null, ring = RING, where = { connection }): Promise<AuditReport> => {
      const decoder = new EventRegistry();
      decoder.register([BookPlaced, BookMoved]);
      return audit({
        ...{ ...where, ring, decoder, anchor, now: NOW, progress: () => undefined },
        kinds: [replayedKind(BOOKS)],
        readModels: [{ collection: READ_MODEL, kind: 'book' }],
        keyUses: [{ collection: USES, kind: 'book' }],
      });
    },
  };
}

export type AuditBench = Awaited<ReturnType<typeof openAuditBench>>;

/** `kind id`, sorted */
export function found({ findings }: AuditReport): string[] {
  return findings.map(({ kind, id }) => `${kind} ${id}`).sort();
}
