import { AssignedGrants, RightsDetails } from '../../access';
import { HOUR, plus } from '../../kernel/clocks';
import { aWorker } from '../../workers/testing/worker.builder';
import {
  type AssignmentsApp,
  OTHER_WORKER,
  startAssignmentsApp,
  USER,
  WORKER,
} from '../testing/assignments-app';

const ADMIN = 'admin-token';

interface Item {
  readonly id: string;
  readonly workerId: string;
}

describe('/api/v1/assignments', () => {
  let app: AssignmentsApp;
  beforeEach(async () => {
    app = await startAssignmentsApp();
  });
  afterEach(() => app.close());

  const order = { userId: USER, workerId: WORKER, reason: 'course' };
  const grant = (body: object = {}, as = ADMIN, headers = {}) =>
    app.api(as, 'POST', '/assignments', { ...order, ...body }, headers);
  const granted = async (body: object = {}) => (await grant(body)).body as Item;
  const list = async (as: string, query = '') => {
    const { body } = await app.api(as, 'GET', `/assignments${query}`);
    return (body as { items: Item[] }).items.map(({ workerId }) => workerId);
  };
  const hoursFromNow = (count: number) => plus(app.clock.now(), count * HOUR).toISOString();

  it('assigns a worker, which its user then may use, and nobody else', async () => {
    const { status, body, headers } = await grant({ until: hoursFromNow(2) });
    const { id } = body as Item;
    expect([status, headers.get('location')]).toEqual([201, `/api/v1/assignments/${id}`]);
    expect(body).toEqual({
      ...{ id, ...order, labId: null, from: hoursFromNow(0), until: hoursFromNow(2), state: 'active' },
      ...{ by: 'api-key:key-of-admin', requestId: null, grantedAt: hoursFromNow(0), ended: null },
    });
    const grants = app.app.get(AssignedGrants, { strict: false });
    expect(grants.grantsOf(USER)).toEqual([{ role: 'user', scope: { workerIds: [WORKER] } }]);
    expect(grants.grantsOf(`${USER}-1`)).toEqual([]);
    app.clock.advance(2 * HOUR);
    expect(grants.grantsOf(USER)).toEqual([]);
    expect((await app.api(ADMIN, 'GET', `/assignments/${id}`)).body).toMatchObject({ state: 'over' });
  });

  it('assigns a lab from a time on', async () => {
    await grant({ labId: 'lab-7', from: hoursFromNow(1) });
    const grants = app.app.get(AssignedGrants, { strict: false });
    expect(grants.grantsOf(USER)).toEqual([]);
    app.clock.advance(HOUR);
    expect(grants.grantsOf(USER)).toEqual([
      { role: 'user', scope: { workerIds: [WORKER], labIds: ['lab-7'] } },
    ]);
  });

  it('tells what a caller has, for GET /me', async () => {
    const later = await granted({ from: hoursFromNow(1), until: hoursFromNow(3) });
    const now = await granted({ workerId: OTHER_WORKER, labId: 'lab-7' });
    const details = await app.app.get(RightsDetails, { strict: false }).of(USER);
    expect(details.quota).toEqual({ workers: 2 });
    expect(details.assignments).toEqual([
      { id: now.id, workerId: OTHER_WORKER, labId: 'lab-7', from: app.clock.now(), until: null },
      expect.objectContaining({ id: later.id, labId: null }),
    ]);
    const nobody = await app.app.get(RightsDetails, { strict: false }).of('user:nobody');
    expect(nobody).toEqual({ quota: { workers: 2 }, assignments: [] });
  });

  it('answers a repetition with the first one, and grants once', async () => {
    const headers = { 'Idempotency-Key': 'k' };
    const [first, second] = [await grant({}, ADMIN, headers), await grant({}, ADMIN, headers)];
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect(await list(ADMIN)).toEqual([WORKER]);
  });

  it('ends one at once, and again without effect', async () => {
    const { id } = await granted();
    expect((await app.api(ADMIN, 'DELETE', `/assignments/${id}`)).status).toBe(204);
    expect((await app.api(ADMIN, 'DELETE', `/assignments/${id}`)).status).toBe(204);
    expect(app.app.get(AssignedGrants, { strict: false }).grantsOf(USER)).toEqual([]);
    expect((await app.api(ADMIN, 'GET', `/assignments/${id}`)).body).toMatchObject({
      ...{ state: 'over', until: null },
      ended: { at: hoursFromNow(0), cause: 'revoked', by: 'api-key:key-of-admin' },
    });
  });

  it.each([
    [{ userId: 'ann' }, 422, '/userId'],
    [{ userId: 'user:' }, 422, '/userId'],
    [{ workerId: 'lab-a' }, 422, '/workerId'],
    [{ labId: 'a/b' }, 422, '/labId'],
    [{ reason: ' ' }, 422, '/reason'],
    [{ until: '2026-12-31T00:00:00Z' }, 422, '/until'],
    [{ from: '2027-02-01T00:00:00Z', until: '2027-02-01T00:00:00Z' }, 422, '/until'],
  ])('refuses %j', async (body, status, pointer) => {
    expect(await grant(body)).toMatchObject({ status, body: { errors: [{ pointer }] } });
  });

  it('refuses the same thing twice, more than the quota, and a worker that is gone', async () => {
    const { id } = await granted();
    expect(await grant()).toMatchObject({
      status: 409,
      body: { code: 'assignment-overlaps', assignmentId: id },
    });
    await app.api(ADMIN, 'PUT', `/users/${USER}/quota`, { workers: 1, reason: 'small' });
    expect(await grant({ workerId: OTHER_WORKER })).toMatchObject({
      status: 409,
      body: { code: 'quota-exceeded', quota: 1, atOnce: 1 },
    });
    const gone = '00000000-0000-4000-8000-0000000000a3';
    app.known.put(aWorker({ name: 'gone' }, gone).terminated());
    expect(await grant({ workerId: gone })).toMatchObject({
      status: 409,
      body: { code: 'invalid-transition' },
    });
    const unknown = '00000000-0000-4000-8000-0000000000ff';
    expect(await grant({ workerId: unknown })).toMatchObject({
      status: 404,
      body: { code: 'worker-not-found' },
    });
  });

  describe('of several users', () => {
    let own: Item;
    let others: Item;
    beforeEach(async () => {
      own = await granted();
      app.clock.advance(1);
      others = await granted({ userId: `${USER}-1`, workerId: OTHER_WORKER });
    });

    it('are shown to each as far as they are his own', async () => {
      expect(await list('user-token')).toEqual([WORKER]);
      expect(await list('user-token-1')).toEqual([OTHER_WORKER]);
      expect(await list('user-token-2')).toEqual([]);
      // a viewer sees workers, not whose they are
      expect(await list('viewer-token')).toEqual([]);
      expect((await app.api('user-token', 'GET', `/assignments/${own.id}`)).status).toBe(200);
    });

    it('look to others as if they were not there', async () => {
      const unknown = '00000000-0000-4000-8000-0000000000ff';
      const answers = await Promise.all(
        [others.id, unknown].map((id) => app.api('user-token', 'GET', `/assignments/${id}`)),
      );
      const [known, not] = answers.map(({ status, body }) => ({
        ...{ status },
        body: JSON.stringify({ ...(body as object), instance: '', correlationId: '' }),
      }));
      expect(known).toEqual({ ...not, body: not?.body.replaceAll(unknown, others.id) });
      expect(known?.status).toBe(404);
    });

    it('are shown to operators and admins of their workers', async () => {
      expect(await list('operator-token')).toEqual([OTHER_WORKER, WORKER]);
      expect(await list(`operator-token@${WORKER}`)).toEqual([WORKER]);
      expect(await list(`admin-token@${OTHER_WORKER}`)).toEqual([OTHER_WORKER]);
      expect((await app.api(`operator-token@${WORKER}`, 'GET', `/assignments/${others.id}`)).status).toBe(
        404,
      );
    });

    it('are granted and ended by admins of their workers only', async () => {
      const limited = `admin-token@${WORKER}`;
      expect(await grant({ workerId: OTHER_WORKER, userId: 'user:bob' }, limited)).toMatchObject({
        ...{ status: 404, body: { code: 'worker-not-found' } },
      });
      expect((await grant({ userId: 'user:bob' }, limited)).status).toBe(201);
      expect((await app.api(limited, 'DELETE', `/assignments/${others.id}`)).status).toBe(404);
      expect((await app.api(limited, 'DELETE', `/assignments/${own.id}`)).status).toBe(204);
      for (const as of ['operator-token', 'user-token']) {
        expect((await grant({}, as)).status).toBe(403);
        expect((await app.api(as, 'DELETE', `/assignments/${own.id}`)).status).toBe(403);
      }
    });

    it('can be looked for, and paged through', async () => {
      expect(await list(ADMIN, `?userId=${USER}`)).toEqual([WORKER]);
      expect(await list(ADMIN, `?workerId=${OTHER_WORKER}`)).toEqual([OTHER_WORKER]);
      await app.api(ADMIN, 'DELETE', `/assignments/${own.id}`);
      expect(await list(ADMIN, '?active=true')).toEqual([OTHER_WORKER]);
      expect(await list(ADMIN, '?active=false')).toEqual([WORKER]);
      const first = (await app.api(ADMIN, 'GET', '/assignments?limit=1')).body as { nextCursor: string };
      expect(await list(ADMIN, `?cursor=${first.nextCursor}`)).toEqual([WORKER]);
    });
  });
});

describe('/api/v1/users', () => {
  let app: AssignmentsApp;
  beforeEach(async () => {
    app = await startAssignmentsApp();
  });
  afterEach(() => app.close());

  const put = (userId: string, workers: number | null, headers = {}) =>
    app.api(ADMIN, 'PUT', `/users/${encodeURIComponent(userId)}/quota`, { workers, reason: 'why' }, headers);

  it('have the default quota until somebody sets theirs, and again', async () => {
    const path = `/users/${encodeURIComponent('user:a/b|c')}`;
    const before = await app.api(ADMIN, 'GET', path);
    expect([before.headers.get('etag'), before.body]).toEqual([
      '"0"',
      {
        ...{ userId: 'user:a/b|c', version: 0, quota: { workers: 2, isDefault: true } },
        ...{ activeAssignments: 0, assignments: [] },
      },
    ]);
    const after = await put('user:a/b|c', 5);
    expect([after.status, after.headers.get('etag')]).toEqual([200, '"1"']);
    expect(after.body).toMatchObject({ quota: { workers: 5, isDefault: false } });
    expect((await put('user:a/b|c', null, { 'If-Match': '"1"' })).body).toMatchObject({
      quota: { workers: 2, isDefault: true },
    });
    expect(await put('user:a/b|c', 3, { 'If-Match': '"1"' })).toMatchObject({
      ...{ status: 412, body: { code: 'precondition-failed', version: 2 } },
    });
  });

  it('are listed by id, with what is assigned to them', async () => {
    await put('user:bob', 1);
    await put('user:ann', 1);
    await app.api(ADMIN, 'POST', '/assignments', { userId: 'user:ann', workerId: WORKER, reason: 'x' });
    const first = (await app.api(ADMIN, 'GET', '/users?limit=1')).body as { nextCursor: string };
    expect(first).toMatchObject({ items: [{ userId: 'user:ann', activeAssignments: 1, version: 2 }] });
    const second = await app.api(ADMIN, 'GET', `/users?cursor=${first.nextCursor}`);
    expect(second.body).toMatchObject({ items: [{ userId: 'user:bob' }], nextCursor: null });
  });

  it('are for admins of the whole fleet', async () => {
    expect((await app.api('operator-token', 'GET', '/users')).status).toBe(403);
    const limited = await app.api(`admin-token@${WORKER}`, 'PUT', '/users/user:ann/quota', {
      ...{ workers: 9, reason: 'more' },
    });
    expect(limited).toMatchObject({ status: 403, body: { code: 'scope-too-small' } });
  });

  it.each(['ann', 'user:', 'key:1', `user:${'a'.repeat(256)}`])('cannot be named %s', async (name) => {
    expect((await put(name, 1)).status).toBe(422);
  });
});
