import { type Model } from 'mongoose';
import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { ManualClock } from '../../kernel/clocks';
import { aChange, noonPlus, verdictBookContract } from './verdict-book.contract';
import { MemoryVerdictBook } from './verdict-book.memory-store';
import { MongoVerdictBook } from './verdict-book.mongo-store';
import {
  VERDICT_MODEL,
  VERDICT_NOW_MODEL,
  type VerdictDocument,
  type VerdictNowDocument,
  verdictNowSchema,
  verdictSchema,
} from './verdict.schema';

describe('verdicts in memory', () => {
  verdictBookContract(() => Promise.resolve(new MemoryVerdictBook()));
});

describe('verdicts in Mongo', () => {
  let database: TestDatabase;
  let changes: Model<VerdictDocument>;
  let present: Model<VerdictNowDocument>;

  beforeAll(async () => {
    database = await openTestDatabase();
    changes = database.connection.model<VerdictDocument>(VERDICT_MODEL, verdictSchema);
    present = database.connection.model<VerdictNowDocument>(VERDICT_NOW_MODEL, verdictNowSchema);
    await Promise.all([changes.createIndexes(), present.createIndexes()]);
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await Promise.all([changes.deleteMany({}), present.deleteMany({})]);
  });

  const clock = new ManualClock(new Date('2027-03-01T00:00:00.000Z'));
  const open = () => Promise.resolve(new MongoVerdictBook(changes, present, clock));
  verdictBookContract(open);

  it('live for 90 days of machine time, and what is so now for as long as it is', async () => {
    const book = await open();
    await book.add([aChange()]);
    const [document] = await changes.find().lean<VerdictDocument[]>();
    expect(document?.storedAt).toEqual(clock.now());
    expect(await changes.listIndexes()).toContainEqual(
      expect.objectContaining({ key: { storedAt: 1 }, expireAfterSeconds: 7_776_000 }),
    );
    await changes.deleteMany({});
    expect(await book.between('w-1', noonPlus(60), noonPlus(90))).toEqual([aChange()]);
  });

  it('writes what died half way once more, which nobody sees', async () => {
    const book = await open();
    await book.add([aChange()]);
    await changes.create({
      ...aChange({ verdict: 'warn', decisionId: 'd-2', at: noonPlus(1) }),
      _id: 'w-1:d-2',
      storedAt: clock.now(),
    });
    expect((await book.current(['w-1'])).get('w-1')?.verdict).toBe('in-use');
    await book.add([aChange({ verdict: 'warn', decisionId: 'd-3', at: noonPlus(2) })]);
    const seen = await book.between('w-1', noonPlus(0), noonPlus(9));
    expect(seen.map(({ decisionId }) => decisionId)).toEqual(['d-1', 'd-2']);
  });
});
