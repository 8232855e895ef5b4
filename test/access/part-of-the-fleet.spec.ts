import { type Role } from '../../src/kernel/principal';
import { type Scope } from '../../src/kernel/reach';
import { FleetSteps } from '../support/fleet-steps';
import { type MadeUpCaller, type MemoryApp, startMemoryApp } from '../support/memory-app';

const NET: Scope = { tags: [{ key: 'team', value: 'net' }] };
const EU: Scope = { regions: ['eu-west-1'] };

/** What somebody can do, and learn, who has rights in a part of the fleet only. */
describe('a part of the fleet', () => {
  let app: MemoryApp;
  let fleet: FleetSteps;
  let names = 0;
  const holder = (role: Role, ...scopes: Scope[]): MadeUpCaller =>
    app.asHolderOf(...scopes.map((scope) => ({ role, scope })));
  const order = (given: object = {}) => {
    names += 1;
    return { ...fleet.orderOf(`of-a-part-${names}`), ...given };
  };

  beforeAll(async () => {
    app = await startMemoryApp();
    fleet = new FleetSteps(app);
  });
  afterAll(() => app.close());

  it('takes in new workers that fit it; of others it says what is missing', async () => {
    const admin = holder('admin', { ...EU, ...NET });
    const create = (given: object) => admin.post('/api/v1/workers', order(given));
    expect((await create({ tags: { team: 'net', course: 'bgp' } })).status).toBe(201);
    expect(await create({ tags: { team: 'voice' } })).toMatchObject({
      status: 403,
      body: {
        code: 'scope-too-small',
        members: ['tags'],
        detail: expect.stringContaining('it needs the tag team:net'),
      },
    });
    expect(await create({ awsRegion: 'us-east-1', tags: { team: 'net' } })).toMatchObject({
      status: 403,
      body: { members: ['awsRegion'], detail: expect.stringContaining('its region must be eu-west-1') },
    });
    expect(await holder('admin', { workerIds: [] }).post('/api/v1/workers', order())).toMatchObject({
      status: 403,
    });
  });

  it('takes in instances of its regions; of others it says nothing, be they there or not', async () => {
    const { awsInstanceId } = await fleet.available({ tags: { team: 'voice' } });
    const importing = (scope: Scope, instance: string) =>
      holder('admin', scope).post('/api/v1/workers/import', {
        awsRegion: 'eu-west-1',
        awsInstanceId: instance,
      });
    for (const scope of [{ regions: ['us-east-1'] }, NET]) {
      const there = await importing(scope, awsInstanceId);
      const nowhere = await importing(scope, 'i-0a1b2c3d4e5f60718');
      expect(there).toMatchObject({ status: 403, body: { code: 'scope-too-small' } });
      expect(there.body.detail.replace(awsInstanceId, 'i-0a1b2c3d4e5f60718')).toBe(nowhere.body.detail);
    }
    expect(await importing(EU, awsInstanceId)).toMatchObject({
      status: 409,
      body: { code: 'already-exists' },
    });
  });

  it('keeps its workers: whoever has it only cannot move one out', async () => {
    const { body } = await fleet.create({ tags: { team: 'net' } });
    const path = `/api/v1/workers/${body.id}`;
    const admin = holder('admin', NET);
    expect((await admin.patch(path, { tags: { team: 'net', room: '1' } })).status).toBe(200);
    expect(await admin.patch(path, { tags: { room: '1' } })).toMatchObject({
      ...{ status: 403, body: { code: 'scope-too-small', members: ['tags'] } },
    });
    expect((await app.admin.get(path)).body.tags).toEqual({ team: 'net', room: '1' });
    await app.admin.patch(path, { tags: { team: 'voice' } });
    expect((await admin.patch(path, { tags: { team: 'net' } })).body.code).toBe('worker-not-found');
  });

  it('says of a name that it is taken, and no more where that is out of it', async () => {
    const { body: other } = await fleet.create({ tags: { team: 'voice' } });
    const taken = (scope: Scope) =>
      holder('admin', scope).post('/api/v1/workers', order({ name: other.name, tags: { team: 'net' } }));
    const hidden = await taken(NET);
    expect(hidden).toMatchObject({ status: 409, body: { code: 'already-exists' } });
    expect(JSON.stringify(hidden.body)).not.toContain(other.id);
    expect(await taken(EU)).toMatchObject({ status: 409, body: { workerId: other.id } });
  });

  it('shows nothing of others by conditions, repetitions, pauses or the past', async () => {
    const { body: other } = await fleet.create({ tags: { team: 'voice' } });
    await app.admin.post(`/api/v1/workers/${other.id}/refresh`);
    const caller = holder('admin', NET);
    const at = app.clock.now().toISOString();
    const base = `/api/v1/workers/${other.id}`;
    const answers = await Promise.all([
      caller.get(`${base}?at=${at}`),
      caller.delete(base, { 'If-Match': '"99"' }),
      caller.delete(base, { 'If-Match': `"${other.version}"` }),
      caller.patch(base, { name: 'x' }, { 'If-Match': '"99"' }),
      caller.post(`${base}/refresh`),
      caller.post(`${base}/start`, {}, { 'Idempotency-Key': 'k' }),
      caller.post(`${base}/start`, {}, { 'Idempotency-Key': 'k' }),
    ]);
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      answers.map(() => [404, 'worker-not-found']),
    );
    expect(
      answers.flatMap(({ headers }) => [headers.get('etag'), headers.get('retry-after')]).filter(Boolean),
    ).toEqual([]);
    expect((await app.admin.get(base)).body.version).toBe(other.version);
  });

  it('that was lost takes along what an Idempotency-Key stood for', async () => {
    const caller = holder('admin', NET, EU);
    const headers = { 'Idempotency-Key': 'one-and-only' };
    const body = order({ tags: { team: 'net' } });
    const made = await caller.post('/api/v1/workers', body, headers);
    expect(made.status).toBe(201);
    expect((await caller.post('/api/v1/workers', body, headers)).headers.get('idempotency-replayed')).toBe(
      'true',
    );
    caller.grants = [{ role: 'admin', scope: { regions: ['us-east-1'] } }];
    const lost = await caller.post('/api/v1/workers', body, headers);
    expect(lost).toMatchObject({ status: 403, body: { code: 'scope-too-small' } });
    expect(JSON.stringify(lost.body)).not.toContain(made.body.id);
  });

  it('of a user is what he was given: he uses it, and does nothing else', async () => {
    const worker = await fleet.available({ tags: { team: 'net' } });
    const base = `/api/v1/workers/${worker.id}`;
    const user = holder('user', { workerIds: [worker.id], labIds: ['lab-1'] });
    expect((await user.get('/api/v1/workers')).body.items).toMatchObject([{ id: worker.id }]);
    expect((await user.get('/api/v1/workers/available')).body.items).toMatchObject([{ id: worker.id }]);
    expect((await user.get(`${base}/connection`)).body.ready).toBe(true);
    expect((await user.post(`${base}/keep-alive`)).status).toBe(200);
    expect((await user.get(`${base}/labs`)).body.items).toEqual([]);
    expect((await app.admin.post(`${base}/stop`, { force: true })).status).toBe(202);
    expect((await user.post(`${base}/start`, {})).body).toMatchObject({ desiredState: 'RUNNING' });
    for (const action of ['stop', 'snooze']) {
      expect(await user.post(`${base}/${action}`, {})).toMatchObject({
        status: 403,
        body: { code: 'forbidden' },
      });
    }
    const viewer = holder('viewer', { workerIds: [worker.id], labIds: ['lab-1'] });
    for (const action of ['start', 'keep-alive']) {
      expect(await viewer.post(`${base}/${action}`)).toMatchObject({
        status: 403,
        body: { code: 'forbidden' },
      });
    }
    expect(await viewer.get(`${base}/observations`)).toMatchObject({
      status: 403,
      body: { code: 'scope-too-small' },
    });
  });

  it('with terminated workers in it shows them and their past, with released ones does not', async () => {
    const caller = holder('viewer', NET);
    const seen = async (path: string) => (await caller.get(path)).status;
    const worker = await fleet.available({ tags: { team: 'net' } });
    const released = await fleet.available({ tags: { team: 'net' } });
    await app.admin.post(`/api/v1/workers/${worker.id}/terminate`, { force: true });
    await fleet.reconcile();
    await fleet.minutes(2);
    expect((await fleet.show(worker.id)).status).toBe('TERMINATED');
    expect((await app.admin.delete(`/api/v1/workers/${released.id}`)).status).toBe(204);
    for (const end of ['', '/events']) {
      expect(await seen(`/api/v1/workers/${worker.id}${end}`)).toBe(200);
      expect(await seen(`/api/v1/workers/${released.id}${end}`)).toBe(404);
    }
  });
});
