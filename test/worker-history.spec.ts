import { MINUTE, plus } from '../src/kernel/clocks';
import { type ApiClient } from './support/api-client';
import { FleetSteps } from './support/fleet-steps';
import { type MemoryApp, startMemoryApp } from './support/memory-app';

describe('the past of the fleet', () => {
  let app: MemoryApp;
  let api: ApiClient;
  let fleet: FleetSteps;

  beforeAll(async () => {
    app = await startMemoryApp();
    api = app.admin;
    fleet = new FleetSteps(app);
  });
  afterAll(() => app.close());

  it('shows a worker as it was, while it was managed', async () => {
    const { body } = await fleet.create();
    const path = `/api/v1/workers/${body.id}`;
    const created = app.clock.now();
    await api.post(`${path}/snooze`, { minutes: 1, reason: 'r' });
    app.clock.advance(MINUTE);
    await api.patch(path, { name: `${body.name}-renamed` });
    const asOf = async (time: Date) => api.get(`${path}?at=${time.toISOString()}`);

    const before = await asOf(plus(created, -1));
    expect([before.status, before.body.code]).toEqual([404, 'worker-not-found']);
    expect((await asOf(plus(created, 10))).body).toMatchObject({
      name: body.name,
      version: 2,
      snoozedUntil: plus(created, MINUTE).toISOString(),
    });
    expect((await asOf(app.clock.now())).body.snoozedUntil).toBeNull();

    const worker = await fleet.available({ name: 'looked-back-at' });
    const open = app.clock.now();
    await api.post(`/api/v1/workers/${worker.id}/terminate`);
    await fleet.reconcile();
    await fleet.minutes(2);
    const past = await api.get(`/api/v1/workers/${worker.id}?at=${open.toISOString()}`);
    expect(past.body).toMatchObject({ status: 'RUNNING', canConnect: true, terminatedAt: null });
  });

  it('shows no worker of the future, nor one that was released by then', async () => {
    const { body } = await fleet.create();
    const path = `/api/v1/workers/${body.id}`;
    const managed = app.clock.now();
    const future = await api.get(`${path}?at=${plus(managed, 1).toISOString()}`);
    expect([future.status, future.body.errors]).toEqual([
      422,
      [{ pointer: '/query/at', message: expect.stringContaining('is in the future') }],
    ]);
    app.clock.advance(MINUTE);
    await fleet.reconcile();
    await fleet.minutes(5);
    expect((await api.delete(path)).status).toBe(204);
    expect((await api.get(`${path}?at=${managed.toISOString()}`)).body.name).toBe(body.name);
    for (const query of ['', `?at=${app.clock.now().toISOString()}`]) {
      expect((await api.get(path + query)).body.code).toBe('worker-not-found');
    }
    const { items } = (await api.get(`${path}/events?limit=200`)).body;
    expect(items.at(-1).type).toBe('io.cml-fleet.worker.released.v1');
  });
});
