import { type NestExpressApplication } from '@nestjs/platform-express';
import { readSettings } from '../../src/config/read-settings';
import { createApp } from '../../src/create-app';
import { rootLogger } from '../../src/http';
import { ApiClient } from '../support/api-client';
import { eventually } from '../support/eventually';
import { ADMIN_KEY, REGION, type SimulatedFleet, startSimulatedFleet } from '../support/fleet-process';

/** A fleet minute takes a second: a busy machine must send what was stored for a licence within half a one. */
const SPEED = 60;
const WITHIN_MS = 120_000;
const TOKEN = 'c2VjcmV0LXRva2VuLW9mLXRoZS10ZXN0';

/** The application with the simulated AWS, CML servers and Smart Licensing, over sockets; its own ticks, time runs fast. */
describe('the licence of a worker', () => {
  let fleet: SimulatedFleet;
  let app: NestExpressApplication;
  let api: ApiClient;
  const log: string[] = [];

  beforeAll(async () => {
    fleet = await startSimulatedFleet(SPEED);
    const { FLEET_MONGODB_URI: _uri, ...env } = fleet.env('');
    Object.assign(process.env, env);
    const settings = readSettings({
      ...env,
      FLEET_PERSISTENCE: 'memory',
      FLEET_RECONCILE_SECONDS: '10',
      FLEET_LICENSE_POOL: 'campus',
    });
    const logger = rootLogger({ level: 'info', destination: { write: (line) => void log.push(line) } });
    app = await createApp(settings, logger, {});
    await app.listen(0, '127.0.0.1');
    api = new ApiClient(await app.getUrl(), ADMIN_KEY);
  }, WITHIN_MS);
  afterAll(async () => {
    await app.close();
    await fleet.simulator.stop();
  });

  const available = async (name: string): Promise<string> => {
    const order = { name, awsRegion: REGION, instanceType: 'c5.2xlarge', amiName: 'cml-2.9*' };
    const { id } = (await api.post('/api/v1/workers', order)).body as { id: string };
    await until(`/api/v1/workers/${id}`, { serviceStatus: 'AVAILABLE' });
    return id;
  };
  const until = (path: string, expected: object) =>
    eventually(async () => {
      const { body } = await api.get(path);
      expect(body).toMatchObject(expected);
      return body;
    }, WITHIN_MS);
  const registrations = () => fleet.simulator.world.smartLicensing.registrations();

  it('is asked for by a token, and given back before its instance is terminated', async () => {
    fleet.simulator.world.smartLicensing.addToken({ token: TOKEN });
    const id = await available('licensed');
    const license = `/api/v1/workers/${id}/license`;
    const asked = await api.send('PUT', license, { token: TOKEN });
    expect(asked.status).toBe(202);
    await until(asked.headers.get('location') ?? '', { kind: 'license-register', state: 'succeeded' });
    await until(`/api/v1/workers/${id}`, { licenseStatus: 'REGISTERED' });
    expect((await api.get(license)).body).toMatchObject({
      ...{ licenseStatus: 'REGISTERED', holding: 'ours', operationId: null, failure: null, leftOver: null },
      desired: { source: 'token', poolId: null },
    });
    expect(registrations()).toMatchObject([{ token: TOKEN, refusal: null, givenBackAt: null }]);

    await api.post(`/api/v1/workers/${id}/terminate`, { reason: 'the course is over' });
    const gone = await until(`/api/v1/workers/${id}`, { status: 'TERMINATED' });
    expect(gone).toMatchObject({ termination: { waits: false, license: 'released', topologiesKept: 0 } });
    expect(registrations()).toMatchObject([{ givenBackBy: 'deregistration' }]);
    const { body } = await api.get(`/api/v1/events?workerIds=${id}&limit=200`);
    expect(JSON.stringify([body, log])).not.toContain(TOKEN);
  }, 400_000);

  it('stays in use, and is told as left over, when its instance is terminated by force', async () => {
    const id = await available('forced');
    const asked = await api.send('PUT', `/api/v1/workers/${id}/license`, { token: TOKEN });
    await until(asked.headers.get('location') ?? '', { state: 'succeeded' });
    await api.post(`/api/v1/workers/${id}/terminate`, { force: true });
    await until(`/api/v1/workers/${id}`, { status: 'TERMINATED' });
    const shown = await until(`/api/v1/workers/${id}/license`, { holding: 'none' });
    expect(shown).toMatchObject({
      leftOver: { reason: expect.stringContaining('terminated before its licence was given back') as string },
    });
    expect(registrations().at(-1)).toMatchObject({ givenBackAt: null });
  }, 400_000);

  it('comes by itself from the default pool of the fleet, and its seat is free again in the end', async () => {
    const made = await api.post('/api/v1/license-pools', { name: 'campus', token: TOKEN, capacity: 1 });
    const pool = `/api/v1/license-pools/${made.body.id as string}`;
    const id = await available('pooled');
    await until(`/api/v1/workers/${id}`, { licenseStatus: 'REGISTERED' });
    await until(pool, { seats: [{ workerId: id, state: 'taken' }] });
    const desired = { source: 'pool', poolId: made.body.id as string };
    await until(`/api/v1/workers/${id}/license`, { desired, holding: 'ours' });
    await api.post(`/api/v1/workers/${id}/terminate`);
    await until(`/api/v1/workers/${id}`, { status: 'TERMINATED', termination: { license: 'released' } });
    await until(pool, { seats: [] });
  }, 400_000);

  it('is not asked for with something that is no token, which the answer does not repeat', async () => {
    const id = '6f1c1f0e-2f7b-4c39-9a43-3c1f6f0d9f11';
    const { status, body } = await api.send('PUT', `/api/v1/workers/${id}/license`, { token: 'no token!' });
    expect([status, body.errors?.[0]?.pointer]).toEqual([422, '/token']);
    expect(JSON.stringify(body)).not.toContain('no token!');
  });
});
