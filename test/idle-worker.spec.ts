import { type ApiClient } from './support/api-client';
import { eventually } from './support/eventually';
import { FleetSteps } from './support/fleet-steps';
import { type MemoryApp, startMemoryApp } from './support/memory-app';

/** What is observed of a worker, and how it is stopped when nobody uses it, over HTTP. */
describe('an idle worker', () => {
  let app: MemoryApp;
  let api: ApiClient;
  let fleet: FleetSteps;

  beforeAll(async () => {
    app = await startMemoryApp();
    api = app.admin;
    fleet = new FleetSteps(app);
  });
  afterAll(() => app.close());

  it('stops an idle one after warning, and explains itself before and after', async () => {
    const worker = await fleet.available();
    const path = `/api/v1/workers/${worker.id}`;
    const early = (await api.get(`${path}/idle-decision`)).body;
    expect(early.verdict).toBe('idle-waiting');
    for (let minute = 0; minute < 50; minute += 1) {
      await fleet.minutes(1);
      await fleet.reap();
    }
    const warned = await fleet.show(worker.id);
    expect(warned.plannedStop).toMatchObject({
      at: expect.any(String),
      reason: expect.stringContaining('Nobody'),
    });
    expect((await api.get(`${path}/idle-decision`)).body.verdict).toBe('warn');
    expect(
      (await api.get('/api/v1/workers/idle?thresholdMinutes=30')).body.items.map((w: { id: string }) => w.id),
    ).toContain(worker.id);
    for (
      let minute = 0;
      minute < 15 && (await fleet.show(worker.id)).desiredState === 'RUNNING';
      minute += 1
    ) {
      await fleet.minutes(1);
      await fleet.reap();
    }
    await eventually(async () => expect((await fleet.show(worker.id)).status).toBe('STOPPING'));
    await fleet.minutes(2);
    expect(await fleet.show(worker.id)).toMatchObject({ status: 'STOPPED', plannedStop: null });
    const { body: runs } = await api.get('/api/v1/reaper/runs?limit=200');
    const acts = runs.items.flatMap((run: { decisions: { workerId: string; action: string }[] }) =>
      run.decisions.filter(({ workerId }) => workerId === worker.id).map(({ action }) => action),
    );
    expect(acts.reverse()).toEqual(['none', 'announce', 'notify', 'notify', 'stop']);
    expect((await api.post('/api/v1/reaper/run', { dryRun: true })).body.dryRun).toBe(true);
  });

  it('shows each source with its age, and the regions', async () => {
    const worker = await fleet.available();
    const { body } = await api.get(`/api/v1/workers/${worker.id}/observations`);
    const states = Object.fromEntries(
      Object.entries(body.sources as Record<string, { state: string }>).map(([source, { state }]) => [
        source,
        state,
      ]),
    );
    expect(states).toMatchObject({
      ec2: 'fresh',
      'cml-system': 'fresh',
      'cml-labs': 'fresh',
      cloudwatch: 'missing',
    });
    const refreshed = await api.post(`/api/v1/workers/${worker.id}/refresh`);
    expect([refreshed.status, refreshed.headers.get('location')]).toEqual([
      202,
      `/api/v1/workers/${worker.id}`,
    ]);
    const again = await api.post(`/api/v1/workers/${worker.id}/refresh`);
    expect([again.status, again.body.code, again.headers.get('retry-after')]).toEqual([
      429,
      'too-many-refreshes',
      '10',
    ]);
    const regions = (await api.get('/api/v1/regions')).body.items;
    expect(regions.map((region: { name: string; state: string }) => [region.name, region.state])).toEqual([
      ['eu-west-1', 'ok'],
      ['us-east-1', 'ok'],
    ]);
  });
});
