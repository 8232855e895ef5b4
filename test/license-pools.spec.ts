import { CommandBus } from '@nestjs/cqrs';
import { randomUUID } from 'node:crypto';
import { HOUR, MINUTE } from '../src/kernel/clocks';
import { systemContext } from '../src/kernel/command-context';
import { LicensePoolsSchedules } from '../src/licensing';
import { LicensePools } from '../src/licensing/application/license-pools';
import { SecretsSchedules, SecretVault } from '../src/secrets';
import { UpdateLicense, UpdateWorkerStatus } from '../src/workers';
import { LicensePoolRepository } from '../src/licensing/domain/license-pool-ports';
import { eventually } from './support/eventually';
import { type MemoryApp, startMemoryApp } from './support/memory-app';
import { openTestDatabase, type TestDatabase } from './support/test-database';

const POOLS = '/api/v1/license-pools';
const TOKEN = 'NDNjZDk5ZWYtY2F0LW9mLXRoZS1jYW1wdXM%3D';
const WITHIN_MS = 120_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

describe.each(['memory', 'mongo'])('licence pools of the whole application on %s', (persistence) => {
  let app: MemoryApp;
  let viewer: string;
  let count = 0;

  beforeAll(async () => {
    app = await startMemoryApp({
      FLEET_PERSISTENCE: persistence,
      FLEET_MONGODB_URI: database.uri,
      FLEET_SECRETS_KEYS: `k1:${Buffer.alloc(32, 5).toString('base64')}`,
    });
    viewer = await app.keyOf('viewer');
  }, WITHIN_MS);
  afterAll(() => app.close());

  const part = <T>(token: abstract new (...args: never[]) => T): T => app.app.get(token, { strict: false });
  const context = () => systemContext('test', randomUUID());
  const create = async (given: object = {}) => {
    const name = `pool ${(count += 1)}`;
    const made = await app.admin.post(POOLS, { name, token: TOKEN, capacity: 2, ...given });
    expect([made.status, made.body]).toEqual([201, expect.anything()]);
    return made.body as { id: string; name: string; tokenFingerprint: string };
  };
  const get = async (id: string) => (await app.as(viewer).get(`${POOLS}/${id}`)).body;
  const aWorker = async () => {
    const order = { awsRegion: 'us-east-1', instanceType: 'c5.2xlarge', amiName: 'cml-*' };
    const made = await app.admin.post('/api/v1/workers', { ...order, name: `worker ${(count += 1)}` });
    expect(made.status).toBe(201);
    return made.body as { id: string; name: string };
  };
  const take = (poolId: string, workerId: string) => part(LicensePools).take(poolId, workerId, context());
  /** The worker's server was registered with the pool's token. */
  const register = async (workerId: string, poolId: string) => {
    const { token } = (await part(LicensePoolRepository).get(poolId)).state;
    await part(CommandBus).execute(new UpdateLicense(workerId, 'REGISTERED', token, context()));
  };
  const tokenRef = async (id: string) => (await part(LicensePoolRepository).get(id)).state.token.ref;

  it('creates a pool, shows it to viewers, and shows its token to nobody', async () => {
    const made = await app.admin.post(POOLS, {
      ...{ name: 'campus', token: TOKEN, capacity: 3, productLicense: 'CML_Enterprise' },
      ...{ features: [{ id: 'nodes', count: 20 }], smartServer: 'https://cssm.example.com/transport' },
    });
    const { id, tokenFingerprint } = made.body;
    expect([made.status, made.headers.get('location'), made.headers.get('etag')]).toEqual([
      201,
      `${POOLS}/${id}`,
      '"1"',
    ]);
    expect(await get(id)).toEqual({
      ...{ id, version: 1, name: 'campus', tokenFingerprint, capacity: 3, inUse: 0, stranded: 0, free: 3 },
      ...{ productLicense: 'CML_Enterprise', features: [{ id: 'nodes', count: 20 }] },
      ...{ smartServer: 'https://cssm.example.com/transport', seats: [], mismatches: [] },
      ...{ createdAt: '2027-01-15T08:00:00.000Z', updatedAt: '2027-01-15T08:00:00.000Z' },
      createdBy: expect.stringMatching(/^api-key:/),
    });
    expect(tokenFingerprint).toMatch(/^[0-9a-f]{12}$/);
    const list = await app.as(viewer).get(POOLS);
    expect(list.body.items.map((it: { name: string }) => it.name)).toContain('campus');
    expect((await part(SecretVault).reveal(await tokenRef(id)))?.reveal()).toBe(TOKEN);
    const events = await app.admin.get(`/api/v1/events?types=license-pool.created`);
    for (const answer of [made.body, list.body, events.body, app.log]) {
      expect(JSON.stringify(answer)).not.toContain(TOKEN.slice(4, 20));
    }
  });

  it('refuses what makes no pool, names that are taken, and versions that are past', async () => {
    const { id, name } = await create();
    const wrong = await app.admin.post(POOLS, {
      name: '',
      token: '',
      capacity: 0,
      smartServer: 'https://a:b@c.example',
    });
    expect([wrong.status, wrong.body.errors.map((it: { pointer: string }) => it.pointer)]).toEqual([
      422,
      ['/name', '/token', '/capacity', '/smartServer'],
    ]);
    expect(
      await app.admin.post(POOLS, { name: name.toUpperCase(), token: TOKEN, capacity: 1 }),
    ).toMatchObject({
      ...{ status: 409, body: { code: 'already-exists', poolId: id } },
    });
    const changed = await app.admin.send('PATCH', `${POOLS}/${id}`, { capacity: 5 }, { 'If-Match': '"1"' });
    expect(changed).toMatchObject({ status: 200, body: { capacity: 5, version: 2 } });
    expect(
      await app.admin.send('PATCH', `${POOLS}/${id}`, { capacity: 6 }, { 'If-Match': '"1"' }),
    ).toMatchObject({ status: 412, body: { code: 'precondition-failed' } });
    expect(await app.admin.get(`${POOLS}/${randomUUID()}`)).toMatchObject({
      ...{ status: 404, body: { code: 'license-pool-not-found' } },
    });
  });

  it('makes one pool of a request that is sent again', async () => {
    const body = { name: `again ${(count += 1)}`, token: TOKEN, capacity: 1 };
    const headers = { 'Idempotency-Key': randomUUID() };
    const [first, second] = [
      await app.admin.send('POST', POOLS, body, headers),
      await app.admin.send('POST', POOLS, body, headers),
    ];
    expect([second.status, second.body]).toEqual([201, first.body]);
    const other = await app.admin.send('POST', POOLS, { ...body, token: 'another' }, headers);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  it('replaces the token, and keeps the former one for as long as somebody may need it', async () => {
    const { id, tokenFingerprint } = await create();
    const worker = await aWorker();
    await take(id, worker.id);
    const former = await tokenRef(id);
    const same = await app.admin.send('PATCH', `${POOLS}/${id}`, { token: TOKEN });
    expect(same).toMatchObject({ status: 200, body: { version: 1, tokenFingerprint } });
    const other = await app.admin.send('PATCH', `${POOLS}/${id}`, { token: 'another' });
    expect(other).toMatchObject({ status: 200, body: { version: 2 } });
    expect(other.body.tokenFingerprint).not.toBe(tokenFingerprint);
    expect((await get(id)).seats).toMatchObject([{ tokenFingerprint }]);

    const sweep = async (hours: number) => {
      app.clock.advance(hours * HOUR);
      await part(SecretsSchedules).sweepSecrets.run();
      return (await part(SecretVault).reveal(former)) !== null;
    };
    expect(await sweep(25)).toBe(true);
    await take(id, worker.id);
    expect((await get(id)).seats).toMatchObject([{ tokenFingerprint: other.body.tokenFingerprint }]);
    expect(await sweep(0)).toBe(false);
    expect((await part(SecretVault).reveal(await tokenRef(id)))?.reveal()).toBe('another');
  });

  it('shows who has seats beside what servers say', async () => {
    const { id } = await create({ capacity: 3, token: 'of-this-pool' });
    const [registered, silent, uncounted] = [await aWorker(), await aWorker(), await aWorker()];
    await take(id, registered.id);
    await take(id, silent.id);
    await register(registered.id, id);
    await register(uncounted.id, id);
    expect(await get(id)).toMatchObject({
      ...{ inUse: 2, stranded: 0, free: 1 },
      seats: [
        { workerId: registered.id, workerName: registered.name, state: 'taken', licenseStatus: 'REGISTERED' },
        { workerId: silent.id, state: 'taken', licenseStatus: 'UNREGISTERED', reason: null },
      ],
      mismatches: [{ workerId: uncounted.id, kind: 'registered-without-seat' }],
    });
    app.clock.advance(61 * MINUTE);
    const later = await get(id);
    expect(later.seats.map((it: { state: string }) => it.state)).toEqual(['taken', 'leaked']);
    expect(later.mismatches.map((it: { kind: string }) => it.kind)).toEqual([
      'leaked',
      'registered-without-seat',
    ]);
  });

  it('frees or strands the seats of workers that are gone, and strands until a person says so', async () => {
    const { id } = await create({ capacity: 2, token: 'of-that-pool' });
    const [clean, licensed] = [await aWorker(), await aWorker()];
    await take(id, clean.id);
    await take(id, licensed.id);
    await register(licensed.id, id);
    const full = take(id, randomUUID());
    await expect(full).rejects.toThrow('has 2 seats and none is free');
    for (const worker of [clean, licensed]) {
      await part(CommandBus).execute(new UpdateWorkerStatus(worker.id, 'TERMINATED', null, context()));
    }
    await eventually(async () => expect((await get(id)).stranded).toBe(1));
    await eventually(async () => expect((await get(id)).inUse).toBe(0));
    const view = await get(id);
    expect(view.seats).toMatchObject([
      {
        ...{ workerId: licensed.id, workerName: licensed.name, state: 'stranded' },
        // by whoever sees it first: the licence's own step, or the pools'
        reason: expect.stringContaining('was terminated'),
      },
    ]);
    expect(view).toMatchObject({ inUse: 0, stranded: 1, free: 1, mismatches: [] });

    const refused = await app.admin.delete(`${POOLS}/${id}`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'license-pool-in-use' } });
    const free = (workerId: string) =>
      app.admin.post(`${POOLS}/${id}/seats/${workerId}/free`, { reason: 'removed in CSSM' });
    expect(await free(clean.id)).toMatchObject({ status: 404, body: { code: 'license-seat-not-found' } });
    expect(await free(licensed.id)).toMatchObject({
      status: 200,
      body: { stranded: 0, free: 2, version: 2 },
    });
    await eventually(async () => {
      const events = await app.admin.get('/api/v1/events?types=license-pool.seat-freed');
      const data = { workerId: licensed.id, reason: 'removed in CSSM' };
      expect(events.body.items.at(-1)).toMatchObject({ data });
    });

    // taken when its worker was gone already: no event tells of it any more
    await take(id, licensed.id);
    expect(await free(licensed.id)).toMatchObject({
      status: 409,
      body: { code: 'license-seat-not-stranded' },
    });
    expect((await get(id)).seats).toMatchObject([{ state: 'leaked' }]);
    await part(LicensePoolsSchedules).checkSeats.run();
    expect(await get(id)).toMatchObject({ inUse: 0, stranded: 1 });
    expect((await app.admin.delete(`${POOLS}/${id}?force=true`)).status).toBe(204);
    expect((await app.admin.get(`${POOLS}/${id}`)).status).toBe(404);
  });
});
