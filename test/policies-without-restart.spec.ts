import { eventually } from './support/eventually';
import { FleetSteps } from './support/fleet-steps';
import { type MemoryApp, startMemoryApp } from './support/memory-app';
import { openTestDatabase, type TestDatabase } from './support/test-database';

/** Two applications on one database, each with ticks of its own. */
describe('a policy that is changed', () => {
  let database: TestDatabase;
  let one: MemoryApp;
  let other: MemoryApp;

  beforeAll(async () => {
    database = await openTestDatabase();
    const env = {
      FLEET_PERSISTENCE: 'mongo',
      FLEET_MONGODB_URI: database.uri,
      FLEET_SECRETS_KEYS: `k1:${Buffer.alloc(32, 5).toString('base64')}`,
      FLEET_IDLE_THRESHOLD_MINUTES: '240',
    };
    other = await startMemoryApp(env);
    one = await startMemoryApp(env);
  });
  afterAll(async () => {
    await one.close();
    await other.close();
    await database.drop();
  });

  it('holds from the next turn of the reaper on, in another process that was not started anew', async () => {
    const fleet = new FleetSteps(one);
    const { id } = await fleet.available();
    await fleet.minutes(6);
    other.clock.set(one.clock.now());
    const reap = () => new FleetSteps(other).reap();
    await reap();
    expect(await fleet.show(id)).toMatchObject({ plannedStop: null });
    const changed = await one.admin.send('PUT', '/api/v1/reaper/policy', {
      values: { idleThresholdMinutes: 10, warningStagesMinutes: [5] },
    });
    expect([changed.status, changed.body]).toEqual([200, expect.anything()]);
    await eventually(async () => {
      await reap();
      expect(await fleet.show(id)).toMatchObject({ plannedStop: { reason: expect.any(String) } });
    });
  });
});
