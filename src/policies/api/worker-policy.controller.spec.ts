import { type PoliciesApp, startPoliciesApp, WORKER } from '../testing/policies-app';
import { type WorkerPolicyView } from './policy.view';

describe('/api/v1/workers/{id}/idle-policy', () => {
  let http: PoliciesApp;
  beforeEach(async () => {
    http = await startPoliciesApp();
  });
  afterEach(() => http.close());

  const path = `/workers/${WORKER}/idle-policy`;
  const shown = async () => (await http.admin('GET', path)).body as WorkerPolicyView;
  const create = async (body: object) =>
    ((await http.admin('POST', '/reaper/policies', body)).body as { id: string }).id;

  it('takes each value from the strongest policy that gives it, and says which that is', async () => {
    const worker = { id: WORKER, awsRegion: 'us-east-1', tags: { use: 'course', team: 'a' } };
    const values = { maxActivityAgeSeconds: 411, idleThresholdMinutes: 100, activityBumpMinutes: 1 };
    await http.admin('PUT', '/reaper/policy', {
      values: { ...values, maxReadingAgeSeconds: 300, dryRun: true },
    });
    const low = await create({
      ...{ name: 'low', priority: 1, selector: { tags: { use: 'course' } } },
      values: { maxActivityAgeSeconds: 412, idleThresholdMinutes: 200, activityBumpMinutes: 2 },
    });
    const high = await create({
      ...{ name: 'high', priority: 2, selector: { regions: ['us-east-1'] } },
      values: { maxActivityAgeSeconds: 413, idleThresholdMinutes: 300 },
    });
    await create({
      name: 'elsewhere',
      selector: { regions: ['eu-west-1'] },
      values: { snoozeCapMinutes: 1 },
    });
    await create({ name: 'other', selector: { tags: { use: 'exam' } }, values: { snoozeCapMinutes: 1 } });
    await create({ name: 'nobody', values: { snoozeCapMinutes: 1 } });
    const chosen = await create({ name: 'chosen', values: { maxActivityAgeSeconds: 414 } });
    http.known.workers.set(WORKER, { ...worker, idlePolicyId: chosen });
    await http.admin('PUT', path, { values: { dryRun: false } });
    const own = `worker-${WORKER}`;
    expect(await shown()).toMatchObject({
      ...{ workerId: WORKER, version: 1, own: { dryRun: false }, problems: [] },
      values: {
        ...{ dryRun: false, maxActivityAgeSeconds: 414, idleThresholdMinutes: 300, activityBumpMinutes: 2 },
        ...{ maxReadingAgeSeconds: 300, snoozeCapMinutes: 600 },
      },
      origins: {
        ...{ dryRun: own, maxActivityAgeSeconds: chosen, idleThresholdMinutes: high },
        ...{ activityBumpMinutes: low, maxReadingAgeSeconds: 'fleet', snoozeCapMinutes: 'settings' },
      },
      layers: [
        { id: 'settings', name: 'settings', version: 0 },
        { id: 'fleet', name: 'fleet', version: 1 },
        { id: low, name: 'low', version: 1 },
        { id: high, name: 'high', version: 1 },
        { id: chosen, name: 'chosen', version: 1 },
        { id: own, name: 'worker', version: 1 },
      ],
    });
  });

  it('is written, changed, deleted and written again, each as a version', async () => {
    const versions = [];
    for (const [method, body] of [
      ['PUT', { values: { dryRun: true } }],
      ['PUT', { values: { snoozeCapMinutes: 60 } }],
      ['DELETE', undefined],
      ['PUT', { values: {} }],
    ] as const) {
      const { status } = await http.admin(method, path, body);
      const { version, own } = await shown();
      versions.push([status, version, own]);
    }
    expect(versions).toEqual([
      [200, 1, { dryRun: true }],
      [200, 2, { snoozeCapMinutes: 60 }],
      [204, 3, null],
      [200, 4, {}],
    ]);
    expect((await http.admin('PUT', path, {}, { 'If-Match': '"3"' })).status).toBe(412);
    expect((await http.admin('DELETE', path, undefined, { 'If-Match': '"3"' })).status).toBe(412);
  });

  it('is deleted where there is none', async () => {
    expect((await http.admin('DELETE', path)).status).toBe(204);
    expect((await http.admin('DELETE', path, undefined, { 'If-Match': '"2"' })).status).toBe(412);
    expect((await shown()).version).toBe(0);
  });

  it('is refused where it does not fit what holds beneath it, for workers that are there only', async () => {
    await http.admin('PUT', '/reaper/policy', { values: { warningStagesMinutes: [60] } });
    const answer = await http.admin('PUT', path, { values: { idleThresholdMinutes: 30 } });
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/values/warningStagesMinutes' }] },
    });
    const nobody = '/workers/00000000-0000-4000-8000-0000000000ff/idle-policy';
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const missing = await http.admin(method, nobody, method === 'PUT' ? {} : undefined);
      expect([missing.status, missing.body]).toMatchObject([404, { code: 'worker-not-found' }]);
    }
  });

  it('stops nothing while one of its policies does not fit, and says why', async () => {
    await http.admin('PUT', path, { values: { warningStagesMinutes: [60], noticeRequired: false } });
    const id = await create({ name: 'short', values: { idleThresholdMinutes: 30, snoozeCapMinutes: 5 } });
    const worker = http.known.workers.get(WORKER)!;
    http.known.workers.set(WORKER, { ...worker, idlePolicyId: id });
    const { values, origins, problems, layers } = await shown();
    expect(values).toMatchObject({ dryRun: true, idleThresholdMinutes: 30, noticeRequired: true });
    expect(origins).toMatchObject({ dryRun: 'problem', snoozeCapMinutes: id });
    expect(layers.map((layer) => layer.name)).toEqual(['settings', 'short']);
    expect(problems).toEqual([expect.stringContaining('warningStagesMinutes must not exceed')]);
    // mended
    await http.admin('PUT', path, { values: { noticeRequired: false } });
    expect(await shown()).toMatchObject({ problems: [], values: { dryRun: false, noticeRequired: false } });
  });

  it('stops nothing where the worker names a policy that is not there', async () => {
    const worker = { ...http.known.workers.get(WORKER)!, idlePolicyId: WORKER };
    http.known.workers.set(WORKER, worker);
    expect(await shown()).toMatchObject({ values: { dryRun: true }, origins: { dryRun: 'problem' } });
    expect((await shown()).problems).toEqual([expect.stringContaining('which is not there')]);
  });

  it.each([
    ['PUT', '/reaper/policy', {}],
    ['POST', '/reaper/policies', { name: 'busy' }],
    ['PUT', path, {}],
  ])('is given no CPU threshold, which the signals would not go by: %s %s', async (method, route, body) => {
    const answer = await http.admin(method, route, { ...body, values: { cpuIdleBelowPercent: 30 } });
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/values/cpuIdleBelowPercent' }] },
    });
    expect((await shown()).values.cpuIdleBelowPercent).toBe(10);
  });
});
