import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { ScaledClock, SystemClock } from '../src/kernel/clocks';
import { RandomIds } from '../src/kernel/ids';
import { leaves } from '../src/simulator/people/people';
import { type Simulator, startSimulator } from '../src/simulator/start-simulator';
import { ApiClient } from './support/api-client';
import { type AppProcess, compileApp, startApp } from './support/app-process';
import { eventually } from './support/eventually';
import { openTestDatabase, type TestDatabase } from './support/test-database';

const REGION = 'eu-west-1';
const ADMIN_KEY = `admin-${randomUUID()}`;
const CML = { username: 'fleet', password: 'simulated-password' };
/** One fleet minute takes half a second: a test can live through an idle time. */
const SPEED = 120;
const WITHIN_MS = 120_000;

/** The whole product over sockets: the application as a process, MongoDB, and the simulated AWS with its CML servers. */
describe('the life of a worker', () => {
  let database: TestDatabase;
  let simulator: Simulator;
  let app: AppProcess;
  let api: ApiClient;
  const epoch = new Date();

  const start = async () => {
    app = await startApp({
      FLEET_PERSISTENCE: 'mongo',
      FLEET_MONGODB_URI: database.uri,
      FLEET_SECRETS_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
      FLEET_BOOTSTRAP_ADMIN_KEY: ADMIN_KEY,
      FLEET_REGIONS: REGION,
      FLEET_CLOCK_EPOCH: epoch.toISOString(),
      FLEET_CLOCK_SPEED: String(SPEED),
      FLEET_REAPER_CRON: '* * * * * *',
      FLEET_IDLE_THRESHOLD_MINUTES: '20',
      FLEET_IDLE_WARNING_MINUTES: '5',
      // five seconds of ours: a busy machine must not look like a silent server
      FLEET_IDLE_MAX_READING_AGE_SECONDS: '600',
      FLEET_RATE_LIMIT_PER_MINUTE: '100000',
      FLEET_SHUTDOWN_SECONDS: '8',
      FLEET_CML_USERNAME: CML.username,
      FLEET_CML_PASSWORD: CML.password,
      FLEET_CML_PROXY: simulator.cmlProxy,
      AWS_ENDPOINT_URL_EC2: simulator.awsEndpoint,
      AWS_ENDPOINT_URL_STS: simulator.awsEndpoint,
      AWS_ENDPOINT_URL_CLOUDWATCH: simulator.awsEndpoint,
      AWS_ACCESS_KEY_ID: 'simulated',
      AWS_SECRET_ACCESS_KEY: 'simulated',
    });
    api = new ApiClient(app.url, ADMIN_KEY);
  };

  /** kill -9, and a new process on the same database. */
  const crash = async () => {
    await app.kill();
    await start();
  };

  const untilWorker = (id: string, expected: object) =>
    eventually(async () => {
      const { body } = await api.get(`/api/v1/workers/${id}`);
      expect(body).toMatchObject(expected);
      return body;
    }, WITHIN_MS);

  beforeAll(async () => {
    compileApp();
    database = await openTestDatabase();
    simulator = await startSimulator({
      clock: new ScaledClock(new SystemClock(), epoch, SPEED),
      ids: new RandomIds(),
      regions: [REGION],
      accountId: '123456789012',
      cml: CML,
    });
    simulator.world.cast('course', leaves(10));
    await start();
  }, WITHIN_MS);

  afterAll(async () => {
    await app.kill();
    await simulator.stop();
    await database.drop();
  });

  it(
    'goes from created to terminated, through crashes, and nothing acknowledged is lost or done twice',
    async () => {
      const order = { name: 'course', awsRegion: REGION, instanceType: 'c5.2xlarge', amiName: 'cml-*' };
      const key = { 'idempotency-key': 'create-course' };
      const created = await api.post('/api/v1/workers', order, key);
      expect(created).toMatchObject({ status: 201, body: { status: 'PENDING', desiredState: 'RUNNING' } });
      const { id } = created.body;
      await crash();

      const again = await api.post('/api/v1/workers', order, key);
      expect(again.body.id).toBe(id);
      expect(again.headers.get('idempotency-replayed')).toBe('true');

      const available = await untilWorker(id, { status: 'RUNNING', serviceStatus: 'AVAILABLE' });
      expect((await api.get(`/api/v1/workers/${id}/connection`)).body).toEqual({
        ready: true,
        httpsEndpoint: `https://${available.publicIp}`,
      });

      // somebody works on it and leaves; it falls idle, is announced and stopped by itself
      const stopped = await untilWorker(id, { status: 'STOPPED', desiredState: 'STOPPED' });
      expect(stopped).toMatchObject({ publicIp: null, httpsEndpoint: null, activeLabsCount: null });
      expect(simulator.world.interruptions()).toEqual([]);
      const { body: history } = await api.get(`/api/v1/workers/${id}/events?limit=200`);
      const wish = history.items.find(
        (event: { type: string }) => event.type === 'io.cml-fleet.worker.desired-state-updated.v1',
      );
      expect(wish).toMatchObject({ actor: 'system:reaper', data: { desired: { state: 'STOPPED' } } });
      expect(wish.causationid).toBe(wish.data.desired.decisionId);
      await crash();
      await untilWorker(id, { status: 'STOPPED', desiredState: 'STOPPED', version: stopped.version });

      expect((await api.post(`/api/v1/workers/${id}/start`, { reason: 'second lesson' })).status).toBe(202);
      await crash();
      await untilWorker(id, { status: 'RUNNING', desiredState: 'RUNNING' });

      expect((await api.post(`/api/v1/workers/${id}/terminate`, { reason: 'over' })).status).toBe(202);
      await crash();
      await untilWorker(id, { status: 'TERMINATED', desiredState: 'TERMINATED' });

      const instances = simulator.world.region(REGION)?.instances ?? [];
      expect(instances).toHaveLength(1);
      const launched = simulator.world.calls.filter(({ action }) => action === 'RunInstances');
      expect(new Set(launched.map(({ params }) => params.ClientToken)).size).toBe(1);
    },
    4 * WITHIN_MS,
  );

  it('stops in order at SIGTERM, whoever holds a connection without a request', async () => {
    const { hostname, port } = new URL(app.url);
    const silent = connect(Number(port), hostname);
    await once(silent, 'connect');
    const closed = once(silent, 'close');
    expect(await app.stop()).toBe(0);
    await closed;
    await start();
  });
});
