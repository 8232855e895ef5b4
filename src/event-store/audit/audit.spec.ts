import { plus } from '../../kernel/clocks';
import { LogSeal } from '../log-seal';
import { RESERVATIONS } from '../mongo/mongo-reservations';
import { SNAPSHOTS } from '../mongo/mongo-snapshot-store';
import { SUBSCRIPTIONS } from '../mongo/mongo-subscriptions';
import { type AuditBench, FORGERS_RING, found, openAuditBench, READ_MODEL } from '../testing/audit-bench';
import { START } from '../testing/books';
import { type FindingKind } from './findings';
import { type Anchor } from './log-audit';

const [FIRST, SECOND, THIRD] = [1, 2, 3].map((version) => `book-b2:000000000${version}`) as [
  string,
  string,
  string,
];
const OTHER_HASH = `k1:${'A'.repeat(43)}`;

let bench: AuditBench;
let anchor: Anchor;
beforeAll(async () => {
  bench = await openAuditBench();
  const { anchor: end } = await bench.look();
  if (!end) throw new Error('the log is empty');
  anchor = end;
});
afterAll(() => bench.close());
beforeEach(() => bench.restore());

const changed = (set: object) => () => bench.commits.updateOne({ _id: SECOND }, { $set: set });
const changedLine = (set: object) => () => bench.log.updateOne({ _id: 5 }, { $set: set });
const changedIn = (collection: string, _id: string, set: object) => () =>
  bench.of(collection).updateOne({ _id }, { $set: set });
const without = (_id: string) => () => bench.commits.deleteOne({ _id });

/** What somebody did behind the program's back, and everything that is then found. */
type Tampering = [what: string, how: () => Promise<unknown>, ...findings: `${FindingKind} ${string}`[]];

const COMMITS_CHANGED: Tampering[] = [
  ['the actor of a commit', changed({ 'meta.actor': 'user:bob' }), `commit-changed ${SECOND}`],
  ['the data of an event', changed({ 'events.0.data.to': 'Z' }), `commit-changed ${SECOND}`],
  ['the type of an event', changed({ 'events.0.type': 'book.lost' }), `commit-changed ${SECOND}`],
  ['the time of a commit', changed({ at: plus(START, 60_000) }), `commit-changed ${SECOND}`],
  ['the command of a commit', changed({ commitId: 'other' }), `commit-changed ${SECOND}`],
  ['a field that was added', changed({ note: 'x' }), `commit-changed ${SECOND}`],
  [
    'the hash before',
    changed({ previousHash: OTHER_HASH }),
    `commit-chain ${SECOND}`,
    `commit-changed ${SECOND}`,
  ],
  ['the hash of a commit', changed({ hash: OTHER_HASH }), `commit-changed ${SECOND}`, 'line-changed 5'],
  [
    'a commit without its parts',
    () => bench.commits.updateOne({ _id: SECOND }, { $unset: { hash: 1, meta: 1 } }),
    `commit-malformed ${SECOND}`,
    'line-changed 5',
  ],
  [
    'a foreign document among the commits',
    () => bench.commits.insertOne({ _id: 7 } as never),
    'commit-malformed 7',
  ],
  [
    'two commits that were swapped',
    async () => {
      const [a, b] = [await bench.commit(SECOND), await bench.commit(THIRD)];
      await bench.commits.deleteMany({ _id: { $in: [SECOND, THIRD] } });
      await bench.commits.insertMany([
        { ...a, _id: THIRD, first: 3, last: 3 },
        { ...b, _id: SECOND, first: 2, last: 2 },
      ]);
    },
    ...[`commit-chain ${SECOND}` as const, `commit-changed ${SECOND}` as const],
    ...[`commit-changed ${THIRD}` as const, 'line-changed 5' as const, 'line-changed 8' as const],
  ],
];

const COMMITS_GONE: Tampering[] = [
  ['that the first commit is gone', without(FIRST), `commit-gap ${SECOND}`, 'line-commit-gone 2'],
  ['that a commit in the middle is gone', without(SECOND), `commit-gap ${THIRD}`, 'line-commit-gone 5'],
  [
    'that the last commit of a stream is gone',
    without(THIRD),
    ...['line-commit-gone 8' as const, 'read-model-ahead books/b2' as const],
  ],
  [
    'that a stream is gone',
    () => bench.commits.deleteMany({ stream: 'book-b2' }),
    ...['line-commit-gone 2' as const, 'line-commit-gone 5' as const, 'line-commit-gone 8' as const],
    ...['read-model-ahead books/b2' as const, 'key-use-orphan b2' as const],
  ],
  [
    'that the newest commit and its line are gone',
    async () => {
      await bench.log.deleteOne({ _id: 9 });
      await without('book-b3:0000000003')();
    },
    ...['read-model-ahead books/b3' as const, 'subscription-ahead read-model:books' as const],
  ],
];

const COMMITS_FORGED: Tampering[] = [
  [
    'a forged commit that waits for its place',
    async () => bench.commits.insertOne(await bench.forged(THIRD)),
    'commit-changed book-b2:0000000004',
  ],
  [
    'a forged commit that claims to be placed',
    async () => bench.commits.insertOne({ ...(await bench.forged(THIRD)), sequenced: true }),
    ...['commit-changed book-b2:0000000004' as const, 'commit-unlisted book-b2:0000000004' as const],
  ],
  [
    'a forged commit with a forged line',
    async () => {
      const made = { ...(await bench.forged(THIRD)), sequenced: true };
      await bench.commits.insertOne(made);
      const { _id: position, ...last } = await bench.line(9);
      const placed = { ...made, id: made._id };
      const [next] = new LogSeal(FORGERS_RING).linesAfter({ position, ...last }, [placed]);
      await bench.log.insertOne({ ...last, ...next, _id: 10 });
    },
    ...['commit-changed book-b2:0000000004' as const, 'line-changed 10' as const],
  ],
];

const LINES: Tampering[] = [
  [
    'the commit that a line names',
    async () => {
      await bench.log.deleteOne({ _id: 9 });
      await changedLine({ commit: 'book-b3:0000000003' })();
    },
    ...[`commit-unlisted ${SECOND}` as const, 'commit-order book-b3:0000000003' as const],
    ...['line-changed 5' as const, 'line-stream 5' as const],
    'subscription-ahead read-model:books',
  ],
  ['the stream of a line', changedLine({ stream: 'book-b3' }), 'line-changed 5', 'line-stream 5'],
  ['the hash of a line', changedLine({ hash: OTHER_HASH }), 'line-changed 5', 'line-changed 6'],
  [
    'that a line in the middle is gone',
    () => bench.log.deleteOne({ _id: 5 }),
    ...[`commit-unlisted ${SECOND}` as const, 'line-gap 6' as const],
  ],
  [
    'a line without its parts',
    () => bench.log.updateOne({ _id: 5 }, { $unset: { hash: 1 } }),
    'line-malformed 5',
  ],
  [
    'a foreign document among the lines',
    () => bench.log.insertOne({ _id: 'x', commit: 'y' } as never),
    'line-malformed x',
  ],
  [
    'two lines that were swapped',
    async () => {
      const [a, b] = [await bench.line(5), await bench.line(8)];
      await bench.log.deleteMany({ _id: { $in: [5, 8] } });
      await bench.log.insertMany([
        { ...a, _id: 8 },
        { ...b, _id: 5 },
      ]);
    },
    `commit-order ${THIRD}`,
    ...[5, 6, 8, 9].map((position) => `line-changed ${position}` as const),
  ],
];

const TRACES: Tampering[] = [
  [
    'the state in a snapshot',
    changedIn(SNAPSHOTS, 'book-b1', { 'state.shelf': 'Z' }),
    'snapshot-state book-b1',
  ],
  ['the hash in a snapshot', changedIn(SNAPSHOTS, 'book-b1', { hash: 'x' }), 'snapshot-differs book-b1'],
  [
    'a snapshot of a version that is not there',
    changedIn(SNAPSHOTS, 'book-b1', { version: 200 }),
    'snapshot-ahead book-b1',
  ],
  [
    'a read model of a version that is not there',
    changedIn(READ_MODEL, 'b1', { v: 7 }),
    'read-model-ahead books/b1',
  ],
  [
    'a subscription beyond the end of the log',
    changedIn(SUBSCRIPTIONS, 'read-model:books', { position: 10 }),
    'subscription-ahead read-model:books',
  ],
  [
    'a reservation of a stream that is long not there',
    changedIn(RESERVATIONS, 'title:a', { stream: 'book-b7' }),
    'reservation-orphan title:a',
  ],
];

describe('the audit', () => {
  it('finds nothing in a sound store, and tells what it read', async () => {
    expect(await bench.look(anchor)).toEqual({
      ...{ commits: 9, streams: 3, logLines: 9, unplaced: 0, snapshots: 1 },
      ...{ keys: { k1: 18 }, missingKeys: [], total: 0, counts: {}, findings: [], compared: anchor },
      anchor: { position: 9, hash: expect.stringMatching(/^k1:[\w-]{43}$/) as string },
    });
  });

  it.each([...COMMITS_CHANGED, ...COMMITS_GONE, ...COMMITS_FORGED, ...LINES, ...TRACES])(
    'finds %s',
    async (_what, how, ...findings) => {
      await how();
      expect(found(await bench.look())).toEqual([...findings].sort());
    },
  );

  describe('with an anchor', () => {
    it('finds that the newest entries were removed with everything that tells of them', async () => {
      await bench.log.deleteMany({ _id: { $gt: 6 } });
      await bench.commits.deleteMany({ first: 3 });
      await bench.of(READ_MODEL).updateMany({}, { $set: { v: 2 } });
      await bench.of(SUBSCRIPTIONS).updateMany({}, { $set: { position: 6 } });
      expect(found(await bench.look())).toEqual([]);
      expect(found(await bench.look(anchor))).toEqual(['anchor-gone 9']);
    });

    it('finds that a log was cut and grew anew', async () => {
      await bench.log.deleteOne({ _id: 9 });
      await without('book-b3:0000000003')();
      await bench.append('b3', 'other');
      await bench.store.sequence();
      expect(found(await bench.look())).toEqual([]);
      expect(found(await bench.look(anchor))).toEqual(['anchor-differs 9']);
    });

    it('is content when the log has grown since', async () => {
      await bench.append('b3', 'another');
      await bench.store.sequence();
      expect(await bench.look(anchor)).toMatchObject({ total: 0, anchor: { position: 10 } });
    });
  });

  it('tells a key that the ring does not hold from changed data', async () => {
    const report = await bench.look(null, [{ kid: 'k2', key: Buffer.alloc(32, 2) }]);
    expect(report.counts).toEqual({ 'commit-key-missing': 9, 'line-key-missing': 9 });
    expect([report.keys, report.missingKeys]).toEqual([{ k1: 18 }, ['k1']]);
  });

  it('takes commits that wait for their place for what they are', async () => {
    await bench.append('b4', 'waiting');
    expect(await bench.look()).toMatchObject({ total: 0, unplaced: 1, commits: 10, logLines: 9 });
  });

  it('counts everything, and shows some of each kind', async () => {
    const lines = Array.from({ length: 150 }, (_, index) => ({ _id: 10 + index, commit: `x${index}` }));
    await bench.log.insertMany(lines as never[]);
    await changed({ note: 'x' })();
    const report = await bench.look();
    expect(report.counts).toMatchObject({ 'commit-changed': 1, 'line-malformed': 150 });
    expect(report.findings).toHaveLength(100);
    expect(found(report)).toContain(`commit-changed ${SECOND}`);
  });
});
