import { StartInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { busy } from '../people/people';
import { CmlBrowser } from '../testing/cml-browser';
import { CML, READY_AFTER_SECONDS, type SimulatedFleet, startFleet } from '../testing/simulated-fleet';
import { type CmlFault } from './cml-fault';

let fleet: SimulatedFleet;
let browser: CmlBrowser;
let id: string;
beforeEach(async () => {
  fleet = await startFleet();
  browser = new CmlBrowser(fleet);
  id = await fleet.launch('worker');
});
afterEach(async () => {
  await browser.close();
  await fleet.stop();
});

async function token(): Promise<string> {
  return (await (await browser.logIn(id, CML)).json()) as string;
}

async function get(path: string, bearer: string): Promise<{ status: number; body: unknown }> {
  const response = await browser.request(id, path, { headers: { authorization: `Bearer ${bearer}` } });
  return { status: response.status, body: await response.json() };
}

const claimsOf = (jwt: string) =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

it('comes up in steps: refused, 502, not ready, ready', async () => {
  const information = () => browser.request(id, '/system_information');
  fleet.seconds(59);
  await expect(information()).rejects.toThrow('fetch failed');
  fleet.seconds(40);
  await expect(information()).rejects.toThrow('fetch failed');
  fleet.seconds(1);
  const html = await information();
  expect([html.status, html.headers.get('content-type')]).toEqual([502, 'text/html']);
  fleet.seconds(40);
  expect(await (await information()).json()).toMatchObject({ version: '2.9.0+build.3', ready: false });
  expect((await browser.logIn(id, CML)).status).toBe(502);
  fleet.seconds(40);
  expect(await (await information()).json()).toMatchObject({ ready: true });
  expect((await browser.logIn(id, CML)).status).toBe(200);
});

describe('a ready server', () => {
  beforeEach(() => fleet.seconds(READY_AFTER_SECONDS));

  it('gives a bare string as token, which lives for a day of machine time', async () => {
    const jwt = await token();
    const issued = fleet.machine.now().getTime() / 1000;
    expect(claimsOf(jwt)).toMatchObject({ iss: 'com.cisco.virl', iat: issued, exp: issued + 86_400 });
    expect(await get('/authok', jwt)).toEqual({ status: 200, body: 'OK' });
    fleet.machine.advance(86_400_000);
    expect(await get('/authok', jwt)).toMatchObject({ status: 401, body: { code: 401 } });
  });

  it('refuses a wrong password with 403 and a missing token with 401', async () => {
    const wrong = await browser.logIn(id, { ...CML, password: 'wrong' });
    expect(wrong.status).toBe(403);
    expect(await wrong.json()).toEqual({ code: 403, description: 'Authentication failed!' });
    expect((await browser.request(id, '/labs')).status).toBe(401);
    expect(await get('/labs', 'not-a-token')).toMatchObject({ status: 401 });
  });

  it('tells id and rights at the extended login', async () => {
    const body = JSON.stringify(CML);
    const response = await browser.request(id, '/auth_extended', { method: 'POST', body });
    const answer = (await response.json()) as { id: string; token: string };
    expect(answer).toMatchObject({ username: 'fleet', admin: true, error: null });
    expect(claimsOf(answer.token)['sub']).toBe(answer.id);
  });

  it('ends one session or all of them at logout', async () => {
    const [first, second, third] = [await token(), await token(), await token()];
    const logOut = (jwt: string, query: string) =>
      browser.request(id, `/logout${query}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${jwt}` },
      });
    expect(await (await logOut(first, '')).json()).toBe(true);
    expect((await get('/authok', first)).status).toBe(401);
    expect((await get('/authok', second)).status).toBe(200);
    await logOut(second, '?clear_all_sessions=true');
    expect((await get('/authok', third)).status).toBe(401);
  });

  it('shows the labs of others only to who asks for all, and switches them', async () => {
    fleet.world.cast('worker', busy);
    fleet.minutes(5);
    const jwt = await token();
    expect((await get('/labs', jwt)).body).toEqual([]);
    const ids = (await get('/labs?show_all=true', jwt)).body as string[];
    expect(ids).toHaveLength(1);
    expect((await get(`/labs/${ids[0]}`, jwt)).body).toMatchObject({
      id: ids[0],
      lab_title: 'BGP route reflectors',
      state: 'STARTED',
      owner_username: 'ada',
      created: '2026-11-23T08:06:00+00:00',
    });
    const headers = { authorization: `Bearer ${jwt}` };
    expect((await browser.request(id, `/labs/${ids[0]}/stop`, { method: 'PUT', headers })).status).toBe(204);
    expect((await get(`/labs/${ids[0]}/state`, jwt)).body).toBe('STOPPED');
    expect(await get('/labs/none', jwt)).toMatchObject({ status: 404, body: { code: 404 } });
  });

  it('counts percent from 0 to 100 and memory in bytes', async () => {
    fleet.world.cast('worker', busy);
    fleet.minutes(5);
    const stats = (await get('/system_stats', await token())).body as {
      all: { cpu: { count: number; percent: number }; memory: { total: number; used: number } };
    };
    expect(stats.all.cpu.count).toBe(8);
    expect(Math.abs(stats.all.cpu.percent - 17)).toBeLessThanOrEqual(1);
    expect(stats.all.memory.total).toBe(16 * 1024 ** 3);
    expect(stats.all.memory.used / stats.all.memory.total).toBeCloseTo(0.15);
  });

  it('is unregistered, healthy, and lists its users', async () => {
    const jwt = await token();
    expect((await get('/licensing', jwt)).body).toMatchObject({
      registration: { status: 'NOT_REGISTERED' },
      authorization: { status: 'EVAL' },
    });
    expect((await get('/system_health', jwt)).body).toMatchObject({ valid: true, is_licensed: true });
    expect((await get('/users', jwt)).body).toMatchObject([{ username: 'admin' }, { username: 'fleet' }]);
  });

  it('notes logins and its own reports among the telemetry', async () => {
    fleet.minutes(10);
    const jwt = await token();
    expect((await get('/telemetry/events', jwt)).body).toEqual([
      { category: 'system_stats', timestamp: '2026-11-23T08:03:00.000Z', data: {} },
      { category: 'running_nodes', timestamp: '2026-11-23T08:03:00Z', data: {} },
      { category: 'system_stats', timestamp: '2026-11-23T08:13:00', data: {} },
      { category: 'running_nodes', timestamp: '2026-11-23T08:13:00.000Z', data: {} },
      {
        category: 'user_activity',
        timestamp: '2026-11-23T08:13:00Z',
        data: { user_id: claimsOf(jwt)['sub'] },
      },
    ]);
  });

  it.each<[CmlFault, string, number]>([
    ['bad-gateway', '/labs', 502],
    ['labs-forbidden', '/labs', 403],
    ['labs-forbidden', '/system_health', 200],
    ['telemetry-empty', '/telemetry/events', 200],
  ])('with the fault %s answers %s with %d', async (fault, path, status) => {
    const jwt = await token();
    fleet.world.server(id).fault = fault;
    const response = await browser.request(id, path, { headers: { authorization: `Bearer ${jwt}` } });
    expect(response.status).toBe(status);
    if (fault === 'telemetry-empty') expect(await response.json()).toEqual([]);
  });

  it('can cut and refuse connections, and hang before and within an answer', async () => {
    await token();
    fleet.world.server(id).fault = 'down';
    await expect(browser.request(id, '/system_information')).rejects.toThrow('fetch failed');

    const aborting = { signal: AbortSignal.timeout(200) };
    fleet.world.server(id).fault = 'hang';
    await expect(browser.request(id, '/system_information', aborting)).rejects.toThrow('aborted');

    fleet.world.server(id).fault = 'hang-mid-body';
    const half = await browser.request(id, '/system_information', { signal: AbortSignal.timeout(200) });
    expect(half.status).toBe(200);
    await expect(half.text()).rejects.toThrow('aborted');
  });

  it('is gone with its instance, also on connections that were open', async () => {
    const address = browser.addressOf(id);
    await token();
    await fleet.ec2().send(new StopInstancesCommand({ InstanceIds: [id] }));
    await expect(token()).rejects.toThrow('fetch failed');
    fleet.seconds(30);
    await fleet.ec2().send(new StartInstancesCommand({ InstanceIds: [id] }));
    fleet.seconds(READY_AFTER_SECONDS);
    expect(browser.addressOf(id)).not.toBe(address);
    expect(await token()).toMatch(/^ey/);
  });
});
