import { EventStore, PublicEvents, Reservations, streamOf } from '../../event-store';
import { MINUTE } from '../../kernel/clocks';
import { PoliciesSchedules } from '../application/policies.schedules';
import { type PoliciesApp, startPoliciesApp, WORKER } from '../testing/policies-app';
import { type PolicyView } from './policy.view';

const PATH = '/reaper/policies';
const GIVEN = {
  name: 'courses',
  selector: { tags: { use: 'course' } },
  values: { idleThresholdMinutes: 90 },
};

describe('/api/v1/reaper/policies', () => {
  let http: PoliciesApp;
  beforeEach(async () => {
    http = await startPoliciesApp();
  });
  afterEach(() => http.close());

  const create = async (given: object = {}) =>
    (await http.admin('POST', PATH, { ...GIVEN, ...given })).body as PolicyView;
  const names = async (query = '') => {
    const { body } = await http.call('GET', `/api/v1${PATH}${query}`, { as: 'viewer' });
    const { items, nextCursor } = body as { items: PolicyView[]; nextCursor: string | null };
    return { names: items.map(({ name }) => name), nextCursor };
  };
  const problem = (status: number, code: string) => ({ status, body: { code } });

  it('creates a policy, and shows it to viewers', async () => {
    const { status, headers, body } = await http.admin('POST', PATH, GIVEN);
    const { id } = body as PolicyView;
    const location = `/api/v1${PATH}/${id}`;
    expect([status, headers.get('location'), headers.get('etag')]).toEqual([201, location, '"1"']);
    expect(body).toEqual({
      ...{ id, version: 1, name: 'courses', description: '', priority: 0 },
      selector: { tags: { use: 'course' }, regions: [] },
      values: { idleThresholdMinutes: 90 },
      ...{ createdBy: 'api-key:key-of-admin' },
      ...{ createdAt: '2027-01-01T12:00:00.000Z', updatedAt: '2027-01-01T12:00:00.000Z' },
    });
    expect(await http.call('GET', location, { as: 'viewer' })).toMatchObject({ status: 200, body });
  });

  it('answers a repetition with what the first try made', async () => {
    const headers = { 'Idempotency-Key': 'k' };
    const first = await http.admin('POST', PATH, GIVEN, headers);
    const again = await http.admin('POST', PATH, GIVEN, headers);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect((await names()).names).toEqual(['courses']);
  });

  it('replaces a policy, if it is as the caller saw it', async () => {
    const { id } = await create();
    const body = { name: 'Courses', values: { dryRun: true } };
    const changed = await http.admin('PUT', `${PATH}/${id}`, body, { 'If-Match': '"1"' });
    expect(changed).toMatchObject({ status: 200, body: { ...body, version: 2, selector: null } });
    expect((changed.body as PolicyView).values).toEqual({ dryRun: true });
    const stale = { 'If-Match': '"1"' };
    const failed = problem(412, 'precondition-failed');
    expect(await http.admin('PUT', `${PATH}/${id}`, GIVEN, stale)).toMatchObject(failed);
    expect(await http.admin('DELETE', `${PATH}/${id}`, undefined, stale)).toMatchObject(failed);
  });

  it('gives a name to one policy, until it is renamed or deleted', async () => {
    const { id } = await create();
    expect(await http.admin('POST', PATH, { ...GIVEN, name: 'COURSES' })).toMatchObject({
      ...{ status: 409, body: { code: 'already-exists', policyId: id } },
    });
    expect((await http.admin('PUT', `${PATH}/${id}`, { ...GIVEN, name: 'old' })).status).toBe(200);
    const { id: second } = await create();
    expect((await http.admin('DELETE', `${PATH}/${id}`)).status).toBe(204);
    expect((await http.admin('PUT', `${PATH}/${second}`, { ...GIVEN, name: 'Old' })).status).toBe(200);
    expect((await names()).names).toEqual(['Old']);
  });

  it('does not delete a policy that workers name', async () => {
    const { id } = await create();
    const worker = http.known.workers.get(WORKER)!;
    http.known.workers.set(WORKER, { ...worker, idlePolicyId: id });
    expect(await http.admin('DELETE', `${PATH}/${id}`)).toMatchObject({
      ...{ status: 409, body: { code: 'policy-in-use', workerIds: [WORKER] } },
    });
    http.known.workers.set(WORKER, worker);
    expect((await http.admin('DELETE', `${PATH}/${id}`)).status).toBe(204);
    expect((await http.admin('DELETE', `${PATH}/${id}`)).status).toBe(204);
    const missing = problem(404, 'policy-not-found');
    expect(await http.admin('GET', `${PATH}/${id}`)).toMatchObject(missing);
    expect(await http.admin('PUT', `${PATH}/${id}`, GIVEN)).toMatchObject(missing);
  });

  it('pages through the list by name', async () => {
    for (const name of ['c', 'a', 'B']) await create({ name });
    const first = await names('?limit=2');
    expect(first.names).toEqual(['a', 'B']);
    expect(await names(`?limit=2&cursor=${first.nextCursor}`)).toEqual({ names: ['c'], nextCursor: null });
  });

  it('frees names that a command took and never used, and takes those again that were lost', async () => {
    const { id } = await create();
    const reservations = http.app.get(Reservations, { strict: false });
    await reservations.take('idle-policy-name:left', streamOf('idlepolicy', 'nobody'), 1);
    await reservations.free('idle-policy-name:courses', streamOf('idlepolicy', id), 9);
    http.clock.advance(10 * MINUTE + 1);
    await http.app.get(PoliciesSchedules, { strict: false }).sweepNames.run();
    expect(await reservations.holder('idle-policy-name:left')).toBeNull();
    expect(await reservations.holder('idle-policy-name:courses')).toBe(streamOf('idlepolicy', id));
  });

  it.each<[object, string]>([
    [{ name: ' ' }, '/name'],
    [{ selector: {} }, '/selector'],
    [{ selector: { regions: ['mars'] } }, '/selector/regions/0'],
    [{ priority: 0.5 }, '/priority'],
    [{ values: { idleThresholdMinutes: 10, warningStagesMinutes: [15] } }, '/values/warningStagesMinutes'],
    [{ fleetRules: {} }, '/fleetRules'],
  ])('refuses %j', async (given, pointer) => {
    const { status, body } = await http.admin('POST', PATH, { ...GIVEN, ...given });
    expect([status, (body as { errors?: { pointer: string }[] }).errors?.map((it) => it.pointer)]).toEqual([
      422,
      [pointer],
    ]);
  });

  describe('the versions of a policy', () => {
    const get = (path: string) => http.call('GET', `/api/v1${PATH}/${path}`, { as: 'viewer' });

    it('tell who changed what, when and why', async () => {
      const { id } = await create({ reason: 'term begins' });
      http.clock.advance(MINUTE);
      const body = { ...GIVEN, priority: 5, values: { dryRun: true }, reason: 'to try it' };
      await http.admin('PUT', `${PATH}/${id}`, body);
      http.clock.advance(MINUTE);
      await http.admin('DELETE', `${PATH}/${id}`);
      const by = 'api-key:key-of-admin';
      const newest = await get(`${id}/versions?limit=2`);
      expect(newest.body).toEqual({
        items: [
          {
            ...{ version: 3, at: '2027-01-01T12:02:00.000Z', by, reason: null, deleted: true },
            ...{ changed: [], name: null, values: null },
          },
          {
            ...{ version: 2, at: '2027-01-01T12:01:00.000Z', by, reason: 'to try it', deleted: false },
            changed: ['/priority', '/values/dryRun', '/values/idleThresholdMinutes'],
            ...{ name: 'courses', values: { dryRun: true } },
          },
        ],
        nextCursor: expect.any(String) as string,
      });
      const { nextCursor } = newest.body as { nextCursor: string };
      const oldest = await get(`${id}/versions?limit=2&cursor=${nextCursor}`);
      expect(oldest.body).toMatchObject({ items: [{ version: 1, reason: 'term begins' }], nextCursor: null });
    });

    it('can be compared', async () => {
      const calendar = { timeZone: 'UTC', stops: [{ name: 'evening', at: '18:00', days: ['mon'] }] };
      const { id } = await create({ values: { idleThresholdMinutes: 90, calendar } });
      const later = { ...calendar, timeZone: 'Europe/Zurich' };
      await http.admin('PUT', `${PATH}/${id}`, {
        ...GIVEN,
        values: { maxUptimeMinutes: 600, calendar: later },
      });
      const changes = [
        { pointer: '/values/calendar/timeZone', before: 'UTC', after: 'Europe/Zurich' },
        { pointer: '/values/idleThresholdMinutes', before: 90 },
        { pointer: '/values/maxUptimeMinutes', after: 600 },
      ];
      expect(await get(`${id}/versions/2/diff`)).toMatchObject({
        ...{ status: 200, body: { policyId: id, version: 2, against: 1, changes } },
      });
      expect((await get(`${id}/versions/1/diff?against=1`)).body).toMatchObject({ changes: [] });
      const back = (await get(`${id}/versions/1/diff?against=2`)).body as { changes: unknown[] };
      expect(back.changes[0]).toEqual({ ...changes[0], before: 'Europe/Zurich', after: 'UTC' });
      expect(await get(`${id}/versions/3/diff`)).toMatchObject(problem(404, 'policy-not-found'));
    });

    it('are there for the fleet and for single workers', async () => {
      expect(await get('fleet/versions')).toMatchObject(problem(404, 'policy-not-found'));
      await http.admin('PUT', '/reaper/policy', { values: {}, fleetRules: { regionBudget: { stops: 2 } } });
      await http.admin('PUT', `/workers/${WORKER}/idle-policy`, { values: { dryRun: true } });
      const after = { sharePercent: null, stops: 2, windowMinutes: 60 };
      expect((await get('fleet/versions/1/diff')).body).toMatchObject({
        changes: expect.arrayContaining([
          { pointer: '/fleetRules', after: { regionBudget: after } },
        ]) as unknown,
      });
      expect((await get(`worker-${WORKER}/versions`)).body).toMatchObject({ items: [{ version: 1 }] });
      expect((await get('nonsense/versions')).body).toMatchObject({ errors: [{ pointer: '/path/id' }] });
    });

    it('are events that viewers see', async () => {
      await http.admin('PUT', '/reaper/policy', { values: { dryRun: true } });
      const commits = await http.app.get(EventStore, { strict: false }).load('idlepolicy-fleet');
      const shown = await http.app.get(PublicEvents, { strict: false }).of(commits[0]!);
      expect(shown).toMatchObject([
        {
          ...{ type: 'io.cml-fleet.idle-policy.created.v1', subject: 'fleet' },
          data: { scope: 'fleet', values: { dryRun: true }, workerId: null },
        },
      ]);
    });
  });
});
