import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { leaves } from '../src/simulator/people/people';
import { type ApiClient } from './support/api-client';
import { eventually } from './support/eventually';
import { FleetSteps, REGION } from './support/fleet-steps';
import { type MemoryApp, startMemoryApp } from './support/memory-app';

/** The contract of the worker routes, over HTTP, with the ticks in the test's hand. */
describe('the API of workers', () => {
  let app: MemoryApp;
  let api: ApiClient;
  let fleet: FleetSteps;

  beforeAll(async () => {
    app = await startMemoryApp();
    api = app.admin;
    fleet = new FleetSteps(app);
  });
  afterAll(() => app.close());

  it('creates one: 201, Location, ETag, every field there, unknown ones null', async () => {
    const answer = await fleet.create({ tags: { team: 'red' }, protect: true });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`/api/v1/workers/${answer.body.id}`);
    expect(answer.headers.get('etag')).toBe(`"${answer.body.version}"`);
    expect(answer.body).toMatchObject({
      status: 'PENDING',
      desiredState: 'RUNNING',
      serviceStatus: 'UNAVAILABLE',
      licenseStatus: 'UNREGISTERED',
      awsInstanceId: null,
      publicIp: null,
      lastActivityAt: null,
      activeLabsCount: null,
      cpuUtilization: null,
      memoryUtilization: null,
      snoozedUntil: null,
      plannedStop: null,
      terminatedAt: null,
      tags: { team: 'red' },
      protection: { reason: 'asked for at creation', expiresAt: null },
      createdAt: app.clock.now().toISOString(),
      createdBy: expect.stringMatching(/^api-key:[0-9a-f-]{36}$/),
    });
  });

  it('does not create a second one of a name, whatever its case', async () => {
    await fleet.create({ name: 'Unique' });
    const second = await fleet.create({ name: 'unique' });
    expect([second.status, second.body.code]).toEqual([409, 'already-exists']);
    const renamed = await api.patch(`/api/v1/workers/${(await fleet.create()).body.id}`, { name: 'UNIQUE' });
    expect([renamed.status, renamed.body.code]).toEqual([409, 'already-exists']);
  });

  it('refuses what could never be launched, and names the field and the remedy', async () => {
    const region = await fleet.create({ awsRegion: 'ap-south-1' });
    expect([region.status, region.body.errors]).toEqual([
      422,
      [{ pointer: '/awsRegion', message: expect.stringContaining('eu-west-1, us-east-1') }],
    ]);
    const image = await fleet.create({ amiName: undefined });
    expect(image.body.errors).toEqual([{ pointer: '/amiId', message: 'give amiId or amiName, one of them' }]);
    const tags = await fleet.create({ tags: { 'managed-by': 'me' } });
    expect(tags.body.errors[0].pointer).toBe('/tags/managed-by');
  });

  it('answers a repeated POST as the first one, and refuses the key for another body', async () => {
    const key = { 'idempotency-key': 'k-1' };
    const first = await api.post('/api/v1/workers', fleet.orderOf('repeated'), key);
    const again = await api.post('/api/v1/workers', fleet.orderOf('repeated'), key);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    const other = await api.post('/api/v1/workers', fleet.orderOf('other'), key);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
  });

  it('changes only what is still the version that the caller has seen', async () => {
    const { body } = await fleet.create();
    const path = `/api/v1/workers/${body.id}`;
    const changed = await api.patch(path, { tags: { a: 'b' } }, { 'if-match': `"${body.version}"` });
    expect([changed.status, changed.body.version]).toEqual([200, body.version + 1]);
    const late = await api.post(`${path}/stop`, {}, { 'if-match': `"${body.version}"` });
    expect([late.status, late.body.code, late.body.version]).toEqual([
      412,
      'precondition-failed',
      body.version + 1,
    ]);
    expect((await fleet.show(body.id)).desiredState).toBe('RUNNING');
  });

  it('takes a correlation id, and shows it in the history', async () => {
    const { body } = await fleet.create({ protect: true });
    const started = await api.post(
      `/api/v1/workers/${body.id}/stop`,
      { reason: 'not needed' },
      {
        'x-correlation-id': 'ticket-4711',
      },
    );
    expect(started.headers.get('x-correlation-id')).toBe('ticket-4711');
    const { body: history } = await api.get(
      `/api/v1/workers/${body.id}/events?type=io.cml-fleet.worker.desired-state-updated.v1`,
    );
    expect(history.items).toEqual([
      expect.objectContaining({
        specversion: '1.0',
        type: 'io.cml-fleet.worker.desired-state-updated.v1',
        subject: body.id,
        correlationid: 'ticket-4711',
        reason: 'not needed',
        actor: expect.stringMatching(/^api-key:/),
      }),
    ]);
    const launched = await api.post('/api/v1/workers', fleet.orderOf('correlated'), {
      'x-correlation-id': 'ticket-4712',
    });
    await eventually(async () => {
      const { body: events } = await api.get(`/api/v1/workers/${launched.body.id}/events`);
      expect(events.items.at(-1).type).toBe('io.cml-fleet.worker.instance-assigned.v1');
      expect(new Set(events.items.map((event: { correlationid: string }) => event.correlationid))).toEqual(
        new Set(['ticket-4712']),
      );
    });
    const first = await api.get(`/api/v1/workers/${body.id}/events?limit=1`);
    const second = await api.get(`/api/v1/workers/${body.id}/events?limit=1&cursor=${first.body.nextCursor}`);
    expect([first, second].map(({ body: page }) => page.items[0].version)).toEqual([1, 2]);
  });

  it('stops, starts and terminates; a stop with labs running or unknown needs force', async () => {
    app.simulator.world.cast('labs-run', leaves(600));
    const worker = await fleet.available({ name: 'labs-run' });
    const path = `/api/v1/workers/${worker.id}`;
    await fleet.minutes(5);
    expect((await fleet.show(worker.id)).activeLabsCount).toBe(1);
    const refused = await api.post(`${path}/stop`, { reason: 'over' });
    expect([refused.status, refused.body.code, refused.body.activeLabsCount]).toEqual([
      409,
      'labs-running',
      1,
    ]);
    const open = async () =>
      (await api.get('/api/v1/workers/available')).body.items.map((item: { id: string }) => item.id);
    expect(await open()).toContain(worker.id);
    const stopped = await api.post(`${path}/stop`, { reason: 'over', force: true, labs: 'cut' });
    expect(await open()).not.toContain(worker.id);
    expect([stopped.status, stopped.body.desiredState]).toEqual([202, 'STOPPED']);
    await eventually(async () => expect((await fleet.show(worker.id)).status).toBe('STOPPING'));
    await fleet.minutes(2);
    const down = await fleet.show(worker.id);
    expect(down).toMatchObject({
      status: 'STOPPED',
      publicIp: null,
      httpsEndpoint: null,
      activeLabsCount: null,
    });
    expect((await api.get(`${path}/connection`)).body).toMatchObject({
      ready: false,
      retryAfterSeconds: null,
    });

    const resized = await api.patch(path, { instanceType: 'c5.metal' });
    expect([resized.status, resized.body.instanceType]).toEqual([200, 'c5.metal']);
    await api.post(`${path}/start`);
    await fleet.reconcile();
    await fleet.minutes(1);
    const unknown = await api.post(`${path}/stop`);
    expect(unknown.status).toBe(202);
    const terminated = await api.post(`${path}/terminate`, { reason: 'old' });
    expect(terminated.status).toBe(202);
    await fleet.reconcile();
    await fleet.minutes(2);
    expect(await fleet.show(worker.id)).toMatchObject({ status: 'TERMINATED', desiredState: 'TERMINATED' });
    const after = await api.post(`${path}/start`);
    expect([after.status, after.body.code]).toEqual([409, 'invalid-transition']);
    expect((await fleet.create({ name: 'labs-run' })).status).toBe(201);
  });

  it('does not stop by a count of labs that is old, though the CML server answers otherwise', async () => {
    const worker = await fleet.available();
    const stop = () => api.post(`/api/v1/workers/${worker.id}/stop`);
    app.simulator.world.server(worker.awsInstanceId).fault = 'labs-forbidden';
    await fleet.minutes(4);
    expect(await fleet.show(worker.id)).toMatchObject({ serviceStatus: 'AVAILABLE', activeLabsCount: 0 });
    const refused = await stop();
    expect([refused.status, refused.body.code]).toEqual([409, 'labs-unknown']);
    app.simulator.world.server(worker.awsInstanceId).fault = 'none';
    // what failed again and again is asked for again after five minutes at the latest
    await fleet.minutes(5);
    expect((await stop()).status).toBe(202);
  });

  it('imports an instance once, lists it, and releases it untouched', async () => {
    const ec2 = new EC2Client({
      region: REGION,
      endpoint: app.simulator.awsEndpoint,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    const launched = await ec2.send(
      new RunInstancesCommand({
        ...{ MinCount: 1, MaxCount: 1, InstanceType: 'c5.2xlarge' },
        ImageId: app.simulator.world.cmlImage(REGION).id,
      }),
    );
    ec2.destroy();
    const awsInstanceId = launched.Instances?.[0]?.InstanceId ?? '';
    app.clock.advance(120_000);
    const imported = await api.post('/api/v1/workers/import', {
      awsRegion: REGION,
      awsInstanceId,
      name: 'old one',
    });
    expect(imported).toMatchObject({
      status: 201,
      body: { status: 'RUNNING', desiredState: 'RUNNING', awsInstanceId },
    });
    const tags = app.simulator.world.instance(awsInstanceId).tags.at(app.clock.now());
    expect(tags?.get('managed-by')).toBe('cml-fleet');
    const twice = await api.post('/api/v1/workers/import', { awsRegion: REGION, awsInstanceId });
    expect([twice.status, twice.body.code]).toEqual([409, 'already-exists']);
    const missing = await api.post('/api/v1/workers/import', {
      awsRegion: REGION,
      awsInstanceId: 'i-0123456789abcdef0',
    });
    expect([missing.status, missing.body.errors[0].pointer]).toEqual([422, '/awsInstanceId']);
    expect((await api.get('/api/v1/workers?q=old')).body.items).toHaveLength(1);

    expect((await api.delete(`/api/v1/workers/${imported.body.id}`)).status).toBe(204);
    expect((await api.get(`/api/v1/workers/${imported.body.id}`)).body.code).toBe('worker-not-found');
    expect((await api.get('/api/v1/workers?q=old')).body.items).toEqual([]);
    expect(app.simulator.world.instance(awsInstanceId).facts.at(app.clock.now())?.state).toBe('running');
    const again = await api.post('/api/v1/workers/import', {
      awsRegion: REGION,
      awsInstanceId,
      name: 'old one',
    });
    expect(again.status).toBe(201);
  });

  it('does not import an instance that belongs to a worker whose launch was not answered', async () => {
    app.simulator.world.failNext({ action: 'RunInstances', applied: true, cut: true });
    const { body } = await fleet.create();
    await fleet.reconcile();
    const launched = app.simulator.world.region(REGION)?.instances.at(-1);
    app.clock.advance(10_000);
    const taken = await api.post('/api/v1/workers/import', {
      awsRegion: REGION,
      awsInstanceId: launched?.id,
    });
    expect([taken.status, taken.body.code, taken.body.workerId]).toEqual([409, 'already-exists', body.id]);
    app.clock.advance(60_000);
    await fleet.reconcile();
    expect((await fleet.show(body.id)).awsInstanceId).toBe(launched?.id);
  });

  it('keeps what is snoozed or protected, and says so', async () => {
    const { body } = await fleet.create();
    const path = `/api/v1/workers/${body.id}`;
    const snoozed = await api.post(`${path}/snooze`, { minutes: 30, reason: 'test' });
    expect(snoozed.body.snoozedUntil).toBe(new Date(app.clock.now().getTime() + 30 * 60_000).toISOString());
    const tooLong = await api.post(`${path}/snooze`, { minutes: 100_000, reason: 'test' });
    expect([tooLong.status, tooLong.body.errors[0].pointer]).toEqual([422, '/minutes']);
    expect((await api.delete(`${path}/snooze`)).body.snoozedUntil).toBeNull();
    const past = await api.post(`${path}/protection`, { reason: 'exam', expiresAt: '2020-01-01T00:00:00Z' });
    expect([past.status, past.body.errors[0].pointer]).toEqual([422, '/expiresAt']);
    expect((await api.post(`${path}/protection`, { reason: 'exam' })).body.protection.reason).toBe('exam');
    expect((await api.delete(`${path}/protection`)).body.protection).toBeNull();
  });

  it('never logs or answers a secret', async () => {
    const made = await api.post('/api/v1/api-keys', { name: 'canary', role: 'viewer' });
    await api.get('/api/v1/api-keys');
    const text = app.log.join('\n');
    for (const secret of [made.body.key, 'simulated-password', 'admin-key-of-the-tests-00000000000']) {
      expect(text).not.toContain(secret);
    }
    expect(JSON.stringify((await api.get('/api/v1/api-keys')).body)).not.toContain(made.body.key);
  });
});
