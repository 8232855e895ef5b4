import { HOUR } from '../../kernel/clocks';
import { NoteUse, StartWorker } from '../../workers';
import { aWorker } from '../../workers/testing/worker.builder';
import {
  type AssignmentsApp,
  OTHER_WORKER,
  startAssignmentsApp,
  USER,
  WORKER,
} from '../testing/assignments-app';

interface Item {
  readonly id: string;
  readonly userId: string;
  readonly state: string;
  readonly workerId: string | null;
}

describe('/api/v1/requests', () => {
  let app: AssignmentsApp;
  beforeEach(async () => {
    app = await startAssignmentsApp();
  });
  afterEach(() => app.close());

  const ask = (as = 'user-token', body: object = {}, headers = {}) =>
    app.api(as, 'POST', '/requests', { hours: 4, reason: 'exercise', ...body }, headers);
  const asked = async (as = 'user-token') => (await ask(as)).body as Item;
  const show = async (id: string, as = 'user-token') =>
    (await app.api(as, 'GET', `/requests/${id}`)).body as Item;
  const list = async (as: string, query = '') =>
    ((await app.api(as, 'GET', `/requests${query}`)).body as { items: Item[] }).items.map(({ id }) => id);

  it('are accepted, and granted', async () => {
    const { status, headers, body } = await ask('user-token', { tags: ['pool:yes'] });
    const { id } = body as Item;
    expect([status, headers.get('location')]).toEqual([202, `/api/v1/requests/${id}`]);
    expect(body).toEqual({
      ...{ id, userId: USER, state: 'waiting', position: 1, tags: ['pool:yes'], hours: 4, labId: null },
      ...{ message: 'It was accepted, and a worker is looked for.', reason: 'exercise' },
      ...{ requestedAt: '2027-01-01T12:00:00.000Z', deadline: '2027-01-01T13:00:00.000Z' },
      ...{ workerId: null, assignmentId: null, readyAt: null, until: null, failure: null, endedAt: null },
      updatedAt: '2027-01-01T12:00:00.000Z',
    });
    await app.serve();
    const ready = await show(id);
    expect(ready).toMatchObject({
      ...{ state: 'ready', workerId: WORKER, position: null, until: '2027-01-01T16:00:00.000Z' },
    });
    const own = await app.api('user-token', 'GET', '/assignments');
    expect(own.body).toMatchObject({ items: [{ requestId: id, workerId: WORKER, state: 'active' }] });
    expect(app.known.commands).toEqual([expect.any(NoteUse)]);
  });

  it('are made by users and operators, and not by viewers, who only look', async () => {
    expect(await ask('viewer-token')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await ask('operator-token')).status).toBe(202);
    expect((await app.api('viewer-token', 'GET', '/requests')).status).toBe(200);
  });

  it('start a worker as the user who asks', async () => {
    for (const id of [WORKER, OTHER_WORKER]) {
      app.known.put(aWorker({ name: `lab ${id}`, tags: { pool: 'yes' } }, id).stopped());
    }
    const { id } = await asked();
    await app.serve();
    expect(await show(id)).toMatchObject({ state: 'starting', workerId: WORKER });
    expect(app.known.commands).toMatchObject([
      { workerId: WORKER, context: { actor: USER, reason: `request ${id}: exercise`, correlationId: id } },
    ]);
    expect(app.known.commands[0]).toBeInstanceOf(StartWorker);
  });

  it('tell their place while all workers are taken', async () => {
    const ids: string[] = [];
    for (const number of ['', '-1', '-2', '-3']) {
      app.clock.advance(1);
      ids.push((await asked(`user-token${number}`)).id);
    }
    await app.serve();
    const [, , third = '', fourth = ''] = ids;
    expect(await show(third, 'user-token-2')).toMatchObject({
      ...{
        state: 'waiting',
        position: 1,
        message: expect.stringMatching(/All workers that fit are taken/) as string,
      },
    });
    expect(await show(fourth, 'user-token-3')).toMatchObject({ position: 2 });
    expect((await app.api('operator-token', 'GET', '/requests?state=waiting')).body).toMatchObject({
      items: [
        { id: fourth, position: 2 },
        { id: third, position: 1 },
      ],
    });
  });

  it('are found again by a repetition, which the quota does not refuse', async () => {
    await app.api('admin-token', 'PUT', `/users/${USER}/quota`, { workers: 1, reason: 'small' });
    const headers = { 'Idempotency-Key': 'k' };
    const first = (await ask('user-token', {}, headers)).body as Item;
    expect((await ask('user-token', {}, headers)).body).toMatchObject({ id: first.id });
    expect(await ask()).toMatchObject({ status: 409, body: { code: 'quota-exceeded', quota: 1 } });
  });

  it('are cancelled, and what was granted is given back', async () => {
    const { id } = await asked();
    await app.serve();
    const cancel = () => app.api('user-token', 'POST', `/requests/${id}/cancel`);
    expect(await cancel()).toMatchObject({
      status: 202,
      body: { state: 'cancelled', message: `${USER} cancelled it.` },
    });
    expect(await cancel()).toMatchObject({ status: 202, body: { state: 'cancelled' } });
    const own = await app.api('user-token', 'GET', '/assignments');
    expect(own.body).toMatchObject({ items: [{ state: 'over', ended: { cause: 'given-back', by: USER } }] });
  });

  it('are cancelled again without any effect, also long after, when the user has got something else', async () => {
    const { id } = await asked();
    await app.serve();
    const cancel = () => app.api('user-token', 'POST', `/requests/${id}/cancel`);
    expect((await cancel()).status).toBe(202);
    app.clock.advance(91 * 24 * HOUR);
    const other = { userId: USER, workerId: OTHER_WORKER, reason: 'course' };
    expect((await app.api('admin-token', 'POST', '/assignments', other)).status).toBe(201);
    expect(await cancel()).toMatchObject({ status: 202, body: { state: 'cancelled' } });
  });

  it('cannot be cancelled when they are over', async () => {
    const { id } = await asked();
    await app.serve();
    app.clock.advance(4 * HOUR);
    await app.serve();
    expect(await app.api('user-token', 'POST', `/requests/${id}/cancel`)).toMatchObject({
      ...{ status: 409, body: { code: 'request-ended', state: 'expired' } },
    });
  });

  it('are shown to each as far as they are his own, and to operators of their workers', async () => {
    const own = await asked();
    app.clock.advance(1);
    const others = await asked('user-token-1');
    expect(await list('user-token')).toEqual([own.id]);
    expect(await list('user-token-1')).toEqual([others.id]);
    expect(await list('viewer-token')).toEqual([]);
    expect(await list('operator-token')).toEqual([others.id, own.id]);
    expect(await list(`operator-token@${WORKER}`)).toEqual([]);
    await app.serve();
    expect(await list(`operator-token@${WORKER}`)).toEqual([own.id]);
    for (const [as, status] of [
      ['user-token-1', 404],
      ['viewer-token', 404],
      [`operator-token@${OTHER_WORKER}`, 404],
      [`operator-token@${WORKER}`, 200],
      ['operator-token', 200],
    ] as const) {
      expect([as, (await app.api(as, 'GET', `/requests/${own.id}`)).status]).toEqual([as, status]);
    }
    expect((await app.api('user-token-1', 'POST', `/requests/${own.id}/cancel`)).status).toBe(404);
    expect((await app.api('operator-token', 'POST', `/requests/${own.id}/cancel`)).status).toBe(202);
  });

  it('can be looked for, and paged through', async () => {
    const own = await asked();
    app.clock.advance(1);
    const others = await asked('user-token-1');
    expect(await list('operator-token', `?userId=${USER}`)).toEqual([own.id]);
    const first = (await app.api('operator-token', 'GET', '/requests?limit=1')).body as {
      nextCursor: string;
    };
    expect(await list('operator-token', `?cursor=${first.nextCursor}`)).toEqual([own.id]);
    await app.api('user-token-1', 'POST', `/requests/${others.id}/cancel`);
    expect(await list('operator-token', '?state=cancelled,failed')).toEqual([others.id]);
  });

  it.each([
    [{ hours: 0 }, '/hours'],
    [{ hours: 73 }, '/hours'],
    [{ hours: 1.5 }, '/hours'],
    [{ tags: ['pool'] }, '/tags/0'],
    [{ labId: 'a b' }, '/labId'],
    [{ reason: '' }, '/reason'],
    [{ userId: 'user:bob' }, '/userId'],
  ])('refuse %j', async (body, pointer) => {
    expect(await ask('user-token', body)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });
});
