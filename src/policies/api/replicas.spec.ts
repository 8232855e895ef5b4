import { type Connection } from 'mongoose';
import { eventually } from '../../../test/support/eventually';
import { connectTo, openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { type PoliciesApp, startPoliciesApp, WORKER } from '../testing/policies-app';
import { type PolicyView } from './policy.view';

describe('two replicas on MongoDB', () => {
  let database: TestDatabase;
  let second: Connection;
  let here: PoliciesApp;
  let there: PoliciesApp;
  beforeAll(async () => {
    database = await openTestDatabase();
    second = await connectTo(database.uri);
    here = await startPoliciesApp({ database: database.connection });
    there = await startPoliciesApp({ database: second });
  }, 30_000);
  afterAll(async () => {
    await here.close();
    await there.close();
    await second.close();
    await database.drop();
  });

  const worker = () => ({ ...there.known.workers.get(WORKER)!, tags: { use: 'course' } });
  const thresholdThere = () => there.policies.of(worker()).policy.idleThresholdMinutes;

  it('both go by what was written at either, without a restart', async () => {
    await here.admin('PUT', '/reaper/policy', { values: { idleThresholdMinutes: 70 } });
    await eventually(() => expect(thresholdThere()).toBe(70));
    const body = {
      name: 'courses',
      selector: { tags: { use: 'course' } },
      values: { idleThresholdMinutes: 80 },
    };
    const { id } = (await here.admin('POST', '/reaper/policies', body)).body as PolicyView;
    await eventually(() => expect(thresholdThere()).toBe(80));
    await here.admin('PUT', `/workers/${WORKER}/idle-policy`, { values: { idleThresholdMinutes: 90 } });
    await eventually(() => expect(thresholdThere()).toBe(90));
    await here.admin('DELETE', `/workers/${WORKER}/idle-policy`);
    await here.admin('DELETE', `/reaper/policies/${id}`);
    await eventually(() => expect(thresholdThere()).toBe(70));
  });

  it('reads everything when it starts', async () => {
    await here.admin('PUT', '/reaper/policy', { values: { idleThresholdMinutes: 75 } });
    await there.close();
    there = await startPoliciesApp({ database: second });
    expect(thresholdThere()).toBe(75);
  });
});
