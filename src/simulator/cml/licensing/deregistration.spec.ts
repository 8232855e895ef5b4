import { ENTERPRISE_BASE_ID, NODE_COUNT_ID } from '../../licensing/license-features';
import { CISCO_SERVER } from '../../licensing/smart-licensing';
import { CmlAdmin } from '../../testing/cml-admin';
import { LicensingBench, TOKEN } from '../../testing/licensing-bench';

const ON_PREM = 'https://ssms.example.com:8443/Transportgateway/services/DeviceRequestHandler';

let bench: LicensingBench;
beforeEach(async () => {
  bench = await LicensingBench.start();
});
afterEach(() => bench.stop());

describe('a deregistration', () => {
  const deregister = () => bench.cml.outcome('DELETE', '/licensing/deregistration');
  beforeEach(async () => {
    bench.smart.addToken({ token: TOKEN });
    await bench.registered();
  });

  it('gives the licence back, once', async () => {
    expect(await deregister()).toBe('204');
    expect([await bench.words(), await bench.licensed()]).toEqual(['NOT_REGISTERED EVAL', false]);
    expect([bench.smart.inUse(TOKEN), bench.history()]).toEqual([0, [['lab-1', TOKEN, 'deregistration']]]);
    expect(await deregister()).toBe('400 Licensing issue: The product instance is already de-registered.');
  });

  it('leaves the licence in use where Smart Licensing is not reached', async () => {
    bench.smart.outages.add({ actions: ['deregister'] });
    expect(await deregister()).toBe('202');
    expect([await bench.words(), bench.smart.inUse(TOKEN)]).toEqual(['NOT_REGISTERED EVAL', 1]);
  });

  it('is refused while nodes run, and while a registration is under way', async () => {
    const { server } = bench.fleet.world.host(bench.id);
    const ada = server.userNamed('ada');
    const lab = server.labOf(ada, 'BGP', bench.fleet.clock.now());
    server.startLab(lab, ada, bench.fleet.clock.now());
    expect(await deregister()).toBe('400 Licensing issue: Cannot de-register when nodes are running.');
    server.stopLab(lab, ada, bench.fleet.clock.now());
    await bench.register({ token: TOKEN, reregister: true });
    expect(await deregister()).toMatch(/^409/);
  });

  it('ends a registration that goes on trying', async () => {
    await deregister();
    bench.smart.outages.add({ actions: ['register'] });
    await bench.register();
    bench.fleet.seconds(5);
    expect(await deregister()).toBe('204');
    bench.fleet.minutes(10);
    expect(await bench.words()).toBe('NOT_REGISTERED EVAL');
  });
});

describe('an on-premises server', () => {
  const setTransport = (ssms: unknown, server: unknown = null, port: unknown = null) =>
    bench.cml.outcome('PUT', '/licensing/transport', { ssms, proxy: { server, port } });

  it('has books of its own', async () => {
    bench.smart.addToken({ token: TOKEN, server: ON_PREM });
    expect(await setTransport(ON_PREM, 'proxy.example.com', 3128)).toBe('204');
    await bench.registered();
    expect((await bench.status()).transport).toEqual({
      ssms: ON_PREM,
      default_ssms: CISCO_SERVER,
      proxy: { server: 'proxy.example.com', port: 3128 },
    });
    bench.smart.outages.add({ servers: [CISCO_SERVER] });
    await setTransport(null);
    expect(await bench.cml.outcome('DELETE', '/licensing/deregistration')).toBe('204');
    expect(bench.smart.inUse(TOKEN)).toBe(0);
  });

  it('that there is not cannot be reached', async () => {
    await setTransport('https://typo.example.com/path');
    await bench.register();
    bench.fleet.seconds(5);
    expect(await bench.words()).toBe('RETRY_IN_PROGRESS EVAL');
  });

  it('has a URL', async () => {
    expect(await setTransport('127.0.0.1')).toBe('400 Bad input: invalid value in ssms.');
    expect(await setTransport(ON_PREM, 'a b', 80)).toBe('400 Bad input: invalid value in proxy.server.');
    expect(await setTransport(ON_PREM, 'proxy', 66_000)).toBe('400 Bad input: invalid value in proxy.port.');
  });
});

it('is for administrators', async () => {
  bench.fleet.world.server(bench.id).setAccount('student', 'pw', { admin: false });
  const student = await CmlAdmin.logIn(bench.browser, bench.id, { username: 'student', password: 'pw' });
  expect(await student.outcome('GET', '/licensing')).toMatch(/^403/);
  expect(await student.outcome('DELETE', '/licensing/deregistration')).toMatch(/^403/);
  expect(await student.get('/system_health')).toMatchObject({ computes: {}, is_licensed: true });
  expect(await bench.cml.get('/licensing/tech_support')).toContain('Status: NOT_REGISTERED');
  expect((await bench.status()).features.map((feature) => feature.id)).toEqual([
    ENTERPRISE_BASE_ID,
    NODE_COUNT_ID,
  ]);
});
