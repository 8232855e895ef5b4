import { type Model } from 'mongoose';
import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { ManualClock } from '../../kernel/clocks';
import { aRun, aRunDecision } from '../testing/reaper-run.builder';
import { REAPER_RUN_MODEL, type ReaperRunDocument, reaperRunSchema } from './reaper-run.schema';
import { reaperRunsContract } from './reaper-runs.contract';
import { MemoryReaperRuns } from './reaper-runs.memory-store';
import { MongoReaperRuns } from './reaper-runs.mongo-store';

describe('runs in memory', () => {
  reaperRunsContract(() => Promise.resolve(new MemoryReaperRuns()));

  it('are the latest ones: the oldest go', async () => {
    const runs = new MemoryReaperRuns();
    for (let i = 0; i <= 1_500; i += 1) await runs.put(aRun({ id: `r-${i}`, startedAt: new Date(i) }));
    expect(await runs.find('r-0')).toBeNull();
    expect(await runs.find('r-1')).not.toBeNull();
    expect(await runs.page(2_000, null)).toHaveLength(1_500);
  });
});

describe('runs in Mongo', () => {
  let database: TestDatabase;
  let model: Model<ReaperRunDocument>;

  beforeAll(async () => {
    database = await openTestDatabase();
    model = database.connection.model<ReaperRunDocument>(REAPER_RUN_MODEL, reaperRunSchema);
    await model.createIndexes();
  });
  afterAll(() => database.drop());
  beforeEach(() => model.deleteMany({}));

  const clock = new ManualClock(new Date('2027-03-01T00:00:00.000Z'));
  reaperRunsContract(() => Promise.resolve(new MongoReaperRuns(model, clock)));

  it('of earlier versions lack what they did not have', async () => {
    const {
      id,
      errors,
      starts: _starts,
      leftOut: _leftOut,
      decisions: _decisions,
      ...run
    } = aRun({ id: 'r-1' });
    const decision = { workerId: 'w-1', workerName: 'lab-1', decisionId: 'd-1', verdict: 'in-use' };
    await model.collection.insertOne({
      ...{ ...run, _id: id as never, failures: errors, storedAt: clock.now() },
      decisions: [{ ...decision, action: 'none', reason: 'in use' }],
    });
    const expected = aRun({ id: 'r-1', decisions: [aRunDecision()] });
    expect(await new MongoReaperRuns(model, clock).find('r-1')).toEqual(expected);
  });

  it('live for 90 days of machine time', async () => {
    await new MongoReaperRuns(model, clock).put(aRun());
    const [document] = await model.find().lean<ReaperRunDocument[]>();
    expect(document?.storedAt).toEqual(clock.now());
    expect(await model.listIndexes()).toContainEqual(
      expect.objectContaining({ key: { storedAt: 1 }, expireAfterSeconds: 7_776_000 }),
    );
  });
});
