import { type HealthProbe } from './health-probe';
import { type HttpApp, startHttpApp } from './testing/http-app';

describe('HealthController', () => {
  let http: HttpApp;
  let store: Awaited<ReturnType<HealthProbe['check']>> | Error | Promise<never>;
  let region: Awaited<ReturnType<HealthProbe['check']>> | Error = { healthy: true };
  const probes: HealthProbe[] = [
    { name: 'store', check: () => (store instanceof Error ? Promise.reject(store) : Promise.resolve(store)) },
    {
      name: 'region/eu-west-1',
      toldOnly: true,
      check: () => (region instanceof Error ? Promise.reject(region) : Promise.resolve(region)),
    },
    { name: 'scheduler', check: () => Promise.resolve({ healthy: true }) },
  ];
  beforeAll(async () => {
    http = await startHttpApp({ probes });
  });
  afterAll(() => http.close());

  it('lives without asking anything', async () => {
    store = { healthy: false };
    expect(await http.call('GET', '/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('is ready when everything is', async () => {
    store = { healthy: true };
    const { status, body } = await http.call('GET', '/health/ready');
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'ok',
      info: { store: { status: 'up' }, 'region/eu-west-1': { status: 'up' }, scheduler: { status: 'up' } },
      error: {},
      details: { store: { status: 'up' }, 'region/eu-west-1': { status: 'up' }, scheduler: { status: 'up' } },
    });
  });

  it('is not ready when one part is not, and tells no address', async () => {
    store = {
      healthy: false,
      detail: 'mongodb://u:p@db.example:27017/x and 10.0.0.7 and db:27017 and [::1]:27017 are down',
    };
    const { status, headers, body } = await http.call('GET', '/health/ready');
    expect([status, headers.get('content-type')]).toEqual([503, 'application/json; charset=utf-8']);
    expect(body).toMatchObject({
      status: 'error',
      error: {
        store: { status: 'down', message: '(address) and (address) and (address) and (address) are down' },
      },
      info: { scheduler: { status: 'up' } },
    });
  });

  it('takes an error for not healthy, and keeps what it says to the log', async () => {
    store = new Error('connect ECONNREFUSED 10.0.0.7');
    const { status, body } = await http.call('GET', '/health/ready');
    expect(status).toBe(503);
    expect(body).toMatchObject({ error: { store: { status: 'down', message: 'the check failed' } } });
    expect(http.log).toContainEqual(expect.objectContaining({ level: 40, probe: 'store' }));
  });

  it.each([
    [
      { healthy: false, detail: 'ec2 at https://ec2.example does not answer' },
      'ec2 at (address) does not answer',
    ],
    [new Error('connect ECONNREFUSED 10.0.0.7'), 'the check failed'],
  ])('is ready all the same where what is told only is not well', async (found, message) => {
    store = { healthy: true };
    region = found;
    const { status, body } = await http.call('GET', '/health/ready');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'ok',
      info: { 'region/eu-west-1': { status: 'up', degraded: true, message } },
    });
    region = { healthy: true };
  });

  it('does not wait for a check that hangs', async () => {
    store = new Promise<never>(() => undefined);
    const { status, body } = await http.call('GET', '/health/ready');
    expect(status).toBe(503);
    expect(body).toMatchObject({ error: { store: { status: 'down', message: 'the check failed' } } });
  });
});
