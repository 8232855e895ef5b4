import { REGION } from './support/fleet-steps';
import { type MemoryApp, startMemoryApp } from './support/memory-app';

/** Idle policies of workers, over HTTP, in the whole application. */
describe('the idle policy of a worker', () => {
  let app: MemoryApp;

  beforeAll(async () => {
    app = await startMemoryApp({
      FLEET_IDLE_THRESHOLD_MINUTES: '45',
      FLEET_MAX_UPTIME_MINUTES: '2880',
      FLEET_IDLE_TIME_ZONE: 'Europe/Zurich',
      FLEET_STOP_BUDGET_STOPS: '4',
    });
  });
  afterAll(() => app.close());

  const create = async (given: object) =>
    (
      await app.admin.post('/api/v1/workers', {
        awsRegion: REGION,
        instanceType: 'c5.metal',
        amiName: 'cml*',
        ...given,
      })
    ).body;
  const policyOf = async (id: string) => (await app.admin.get(`/api/v1/workers/${id}/idle-policy`)).body;

  it('comes from the settings', async () => {
    const { id } = await create({ name: 'plain' });
    expect(await policyOf(id)).toMatchObject({
      values: {
        idleThresholdMinutes: 45,
        maxUptimeMinutes: 2880,
        dryRun: false,
        calendar: { timeZone: 'UTC' },
      },
      layers: [{ id: 'settings' }],
    });
    expect((await app.admin.get('/api/v1/reaper/policy')).body.effective.fleetRules).toEqual({
      fleetBudget: { stops: 4, sharePercent: 50, windowMinutes: 60 },
      regionBudget: null,
      breakerWindowMinutes: 60,
    });
  });

  it('comes from the named policies that its tags fit, and from the one that it names', async () => {
    const { id } = await create({ name: 'course', tags: { use: 'course' } });
    const courses = await app.admin.post('/api/v1/reaper/policies', {
      ...{ name: 'courses', selector: { tags: { use: 'course' } } },
      values: { idleThresholdMinutes: 90 },
    });
    expect((await policyOf(id)).origins.idleThresholdMinutes).toBe(courses.body.id);
    const exam = await app.admin.post('/api/v1/reaper/policies', { name: 'exam', values: { dryRun: true } });
    const patched = await app.admin.patch(`/api/v1/workers/${id}`, { idlePolicyId: exam.body.id });
    expect([patched.status, patched.body.idlePolicyId]).toEqual([200, exam.body.id]);
    expect((await policyOf(id)).values).toMatchObject({ idleThresholdMinutes: 90, dryRun: true });
    const path = `/api/v1/reaper/policies/${exam.body.id}`;
    expect((await app.admin.delete(path)).body).toMatchObject({ code: 'policy-in-use', workerIds: [id] });
    await app.admin.patch(`/api/v1/workers/${id}`, { idlePolicyId: null });
    expect((await app.admin.delete(path)).status).toBe(204);
  });

  it('says how long people may snooze it', async () => {
    const { id } = await create({ name: 'sleeper' });
    await app.admin.send('PUT', `/api/v1/workers/${id}/idle-policy`, { values: { snoozeCapMinutes: 30 } });
    const snooze = (minutes: number) =>
      app.admin.post(`/api/v1/workers/${id}/snooze`, { minutes, reason: 'a break' });
    const tooLong = await snooze(31);
    expect([tooLong.status, tooLong.body.errors]).toEqual([
      422,
      [{ pointer: '/minutes', message: 'is more than the policy allows: 30 minutes' }],
    ]);
    expect((await snooze(30)).status).toBe(200);
    const more = { snoozeCapMinutes: 8 * 7 * 24 * 60 };
    await app.admin.send('PUT', `/api/v1/workers/${id}/idle-policy`, { values: more });
    expect((await snooze(7 * 7 * 24 * 60)).status).toBe(200);
  });

  it('cannot be one that is not there', async () => {
    const { id } = await create({ name: 'wrong' });
    const unknown = { idlePolicyId: '00000000-0000-4000-8000-00000000dead' };
    const answer = await app.admin.patch(`/api/v1/workers/${id}`, unknown);
    expect([answer.status, answer.body.errors]).toEqual([
      422,
      [{ pointer: '/idlePolicyId', message: expect.stringContaining('There is no idle policy') }],
    ]);
    const own = await app.admin.send('PUT', `/api/v1/workers/${id}/idle-policy`, {
      values: { dryRun: true },
    });
    expect(own.body.values.dryRun).toBe(true);
    const nameless = await app.admin.patch(`/api/v1/workers/${id}`, { idlePolicyId: 'exam' });
    expect([nameless.status, nameless.body.errors[0].pointer]).toEqual([422, '/idlePolicyId']);
  });
});
