import { AssignmentsSchedules } from '../src/assignments';
import { SubscriptionHost } from '../src/event-store';
import { HOUR } from '../src/kernel/clocks';
import { type ApiClient } from './support/api-client';
import { eventually } from './support/eventually';
import { FleetSteps } from './support/fleet-steps';
import { type MemoryApp, startMemoryApp } from './support/memory-app';

/** How somebody who has nothing gets a worker, in the whole application. */
describe('a user of workers', () => {
  let app: MemoryApp;
  let steps: FleetSteps;
  let user: ApiClient;
  let me: string;

  beforeEach(async () => {
    app = await startMemoryApp({ FLEET_REQUEST_TAGS: 'pool:yes', FLEET_USER_WORKERS: '1' });
    steps = new FleetSteps(app);
    const made = await app.admin.post('/api/v1/api-keys', {
      ...{ name: 'ann', role: 'user', scope: { workerIds: ['00000000-0000-4000-8000-0000000000ff'] } },
    });
    user = app.as(made.body.key as string);
    me = `api-key:${made.body.id}`;
  });
  afterEach(() => app.close());

  const serve = async () => {
    await app.app.get(AssignmentsSchedules, { strict: false }).serveRequests.run();
    await app.app.get(SubscriptionHost, { strict: false }).runAll();
  };
  const requested = async (path: string) => (await user.get(path)).body;
  const seen = async () => {
    const { body } = await user.get('/api/v1/workers');
    return (body.items as { id: string }[]).map(({ id }) => id);
  };
  /** A worker that is stopped, and given on request. */
  const stopped = async () => {
    const { id } = await steps.available({ tags: { pool: 'yes' } });
    await app.admin.post(`/api/v1/workers/${id}/stop`, { force: true, labs: 'cut' });
    await steps.reconcile();
    await steps.minutes(3);
    expect((await steps.show(id)).status).toBe('STOPPED');
    return id as string;
  };

  it('gets one started on request, is told how far it is, connects, and sees nothing else', async () => {
    const id = await stopped();
    const other = await steps.available({ tags: { pool: 'no' } });
    expect(await seen()).toEqual([]);
    const request = { hours: 4, reason: 'exercise' };
    const made = await user.post('/api/v1/requests', request);
    expect([made.status, made.body.state]).toEqual([202, 'waiting']);
    const path = made.headers.get('location') ?? '';
    await serve();
    expect(await requested(path)).toMatchObject({ state: 'starting', workerId: id });
    // it is not ann's yet
    expect((await user.get(`/api/v1/workers/${id}/connection`)).status).toBe(404);
    await steps.reconcile();
    const messages = new Set<string>();
    for (let minute = 0; minute < 8; minute += 1) {
      await steps.minutes(1);
      await serve();
      messages.add((await requested(path)).message as string);
    }
    expect(await requested(path)).toMatchObject({ state: 'ready', workerId: id });
    expect(messages.size).toBeGreaterThan(2);
    const connection = await user.get(`/api/v1/workers/${id}/connection`);
    expect(connection.body).toMatchObject({ ready: true, httpsEndpoint: expect.any(String) as string });
    expect(await seen()).toEqual([id]);
    for (const hidden of [`/api/v1/workers/${other.id}`, `/api/v1/workers/${other.id}/connection`]) {
      expect((await user.get(hidden)).status).toBe(404);
    }
    expect((await steps.show(id)).lastUse).toMatchObject({ by: me });
    const { body } = await user.get('/api/v1/me');
    expect(body).toMatchObject({
      ...{ actor: me, quota: { workers: 1 } },
      assignments: [{ workerId: id, labId: null, until: (await requested(path)).until }],
    });
  });

  it('has no worker any more when the time is over, or when it is given back', async () => {
    const { id } = await steps.available({ tags: { pool: 'yes' } });
    const first = await user.post('/api/v1/requests', { hours: 1, reason: 'exercise' });
    await serve();
    expect(await seen()).toEqual([id]);
    app.clock.advance(HOUR);
    expect(await seen()).toEqual([]);
    expect((await user.get(`/api/v1/workers/${id}/connection`)).status).toBe(404);
    await serve();
    expect((await requested(`/api/v1/requests/${first.body.id}`)).state).toBe('expired');
    await steps.minutes(2);
    const second = await user.post('/api/v1/requests', { hours: 1, reason: 'again' });
    await serve();
    expect(await seen()).toEqual([id]);
    await user.post(`/api/v1/requests/${second.body.id}/cancel`);
    expect(await seen()).toEqual([]);
  });

  it('is limited by the quota, and hears of no others', async () => {
    for (let count = 0; count < 2; count += 1) await steps.available({ tags: { pool: 'yes' } });
    await user.post('/api/v1/requests', { hours: 1, reason: 'one' });
    const second = await user.post('/api/v1/requests', { hours: 1, reason: 'two' });
    expect([second.status, second.body.code]).toEqual([409, 'quota-exceeded']);
    const bob = await app.admin.post('/api/v1/requests', { hours: 1, reason: 'mine' });
    await serve();
    expect((await user.get(`/api/v1/requests/${bob.body.id}`)).status).toBe(404);
    expect((await user.get('/api/v1/requests')).body.items).toHaveLength(1);
    expect((await user.get('/api/v1/assignments')).body.items).toHaveLength(1);
  });

  it('loses a worker that is terminated', async () => {
    const { id } = await steps.available({ tags: { pool: 'yes' } });
    await app.admin.post('/api/v1/assignments', { userId: me, workerId: id, reason: 'course' });
    expect(await seen()).toEqual([id]);
    await app.admin.post(`/api/v1/workers/${id}/terminate`, { force: true });
    await steps.reconcile();
    await steps.minutes(3);
    await serve();
    expect((await user.get('/api/v1/assignments')).body.items).toMatchObject([
      { workerId: id, state: 'over', ended: { cause: 'worker-terminated' } },
    ]);
  });

  it('is shown the events of his requests by those who may see events', async () => {
    await steps.available({ tags: { pool: 'yes' } });
    const { body } = await user.post('/api/v1/requests', { hours: 1, reason: 'exercise' });
    await serve();
    const types = ['made', 'worker-chosen', 'ready'].map((what) => `io.cml-fleet.worker-request.${what}.v1`);
    // what happened is listed once it has its place in the log
    await eventually(async () => {
      const { body: events } = await app.admin.get('/api/v1/events?types=worker-request.*');
      const shown = (events.items as { type: string; subject: string }[]).map((it) => [it.type, it.subject]);
      expect(shown).toEqual(types.map((type) => [type, body.id]));
    });
  });
});
