import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { storeCollection } from '../mongo/collections';
import { COMMITS, LOG } from '../mongo/commit-document';
import { ensureIndexes } from '../mongo/indexes';
import { MongoAuditSource } from '../mongo/mongo-audit-source';
import { type AuditBench, found, openAuditBench } from '../testing/audit-bench';

let bench: AuditBench;
let copy: TestDatabase;
beforeAll(async () => {
  [bench, copy] = await Promise.all([openAuditBench(), openTestDatabase()]);
  await ensureIndexes(copy.connection);
});
afterAll(async () => {
  await bench.close();
  await copy.drop();
});

/** The order of docs/operations.md: the log first, then the commits, while programs write. */
async function backUp(meanwhile: () => Promise<void>): Promise<void> {
  const target = (name: string) => storeCollection<{ _id: string }>(copy.connection, name);
  const lines = await bench.of(LOG).find().toArray();
  await meanwhile();
  const commits = await bench.of(COMMITS).find().toArray();
  await target(LOG).insertMany(lines);
  await target(COMMITS).insertMany(commits);
}

/** What docs/operations.md has after a restore: a commit that no line names came after the log was copied. */
async function cutToTheLog(): Promise<number> {
  const commits = storeCollection<{ _id: string }>(copy.connection, COMMITS);
  const late = await commits
    .aggregate<{ _id: string }>([
      { $lookup: { from: LOG, localField: '_id', foreignField: 'commit', as: 'line' } },
      { $match: { line: { $size: 0 } } },
      { $project: { _id: 1 } },
    ])
    .toArray();
  for (const { _id } of late) await commits.deleteOne({ _id });
  return late.length;
}

it('a backup in the order of the guide is sound, though programs wrote meanwhile', async () => {
  await backUp(async () => {
    for (const book of ['b1', 'b2', 'b5']) await bench.append(book, 'meanwhile');
    await bench.store.sequence();
  });
  const restored = { connection: copy.connection };
  // what was placed after the log was copied says so, and is in no line
  expect(found(await bench.look(null, undefined, restored)).map((finding) => finding.split(' ')[0])).toEqual(
    Array.from({ length: 3 }, () => 'commit-unlisted'),
  );
  expect(await cutToTheLog()).toBe(3);
  expect(await bench.look(null, undefined, restored)).toMatchObject({ total: 0, commits: 9, logLines: 9 });
  expect(await new MongoAuditSource(copy.connection).headOf('book-b1')).toBe(3);
});
