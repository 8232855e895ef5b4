import { CmlBrowser } from '../../testing/cml-browser';
import { CML, READY_AFTER_SECONDS, type SimulatedFleet, startFleet } from '../../testing/simulated-fleet';

let fleet: SimulatedFleet;
let browser: CmlBrowser;
let id: string;
let late: number[];
beforeEach(async () => {
  late = [];
  fleet = await startFleet({ pause: (ms) => Promise.resolve(void late.push(ms)) });
  browser = new CmlBrowser(fleet);
  id = await fleet.launch('lab-1');
  fleet.seconds(READY_AFTER_SECONDS);
});
afterEach(async () => {
  await browser.close();
  await fleet.stop();
});

const add = (rule: Parameters<typeof fleet.world.cmlFaults.add>[0]) => fleet.world.cmlFaults.add(rule);

/** Status and body of GET /system_information, or how it failed. */
async function ask(instance = id): Promise<unknown> {
  try {
    const response = await browser.request(instance, '/system_information');
    return [response.status, response.headers.get('content-type'), await response.text()];
  } catch (error) {
    return (error as Error).message;
  }
}

const GOOD = { version: '2.9.0+build.3', ready: true, allow_ssh_pubkey_auth: false, oui: null };
const good = [200, 'application/json', JSON.stringify(GOOD)];

it('answers an error in CML’s form, for as many requests as it says', async () => {
  const fault = add({ status: 409, description: 'Registration in progress.', next: 2, every: 2 });
  const seen = [await ask(), await ask(), await ask(), await ask(), await ask(), await ask()];
  const error = [409, 'application/json', '{"code":409,"description":"Registration in progress."}'];
  expect(seen).toEqual([good, error, good, error, good, good]);
  expect(fault.strikes).toBe(2);
  expect(fleet.world.cmlFaults.list()).toEqual([]);
});

it.each([
  [502, '502 Bad Gateway'],
  [503, '503 Service Temporarily Unavailable'],
  [504, '504 Gateway Time-out'],
  [413, '413 Request Entity Too Large'],
  [429, '429 Too Many Requests'],
])('answers nginx’ page for %d', async (status, title) => {
  add({ status, html: true, headers: { 'retry-after': '7' } });
  const response = await browser.request(id, '/system_information');
  expect([response.status, response.headers.get('retry-after')]).toEqual([status, '7']);
  expect(response.headers.get('content-type')).toBe('text/html');
  expect(await response.text()).toContain(`<title>${title}</title>`);
});

it('strikes the servers, methods and paths that it means, in its time', async () => {
  const other = await fleet.launch('other');
  fleet.seconds(READY_AFTER_SECONDS);
  add({ names: ['lab-*'], paths: ['/system_*'], methods: ['GET'], status: 500, forSeconds: 60 });
  add({ instanceIds: [other], methods: ['POST'], status: 400 });
  expect([await ask(), await ask(other)]).toEqual([expect.arrayContaining([500]), good]);
  expect((await browser.logIn(id, CML)).status).toBe(200);
  expect((await browser.logIn(other, CML)).status).toBe(400);
  fleet.seconds(60);
  expect(await ask()).toEqual(good);
});

describe('a lost answer', () => {
  const logins = () =>
    fleet.world.server(id).telemetry.filter(({ category }) => category === 'user_activity').length;
  /** Gives up once the server hangs. */
  const logIn = async () => {
    const patience = new AbortController();
    const { signal } = patience;
    void fleet.world.cmlLog.next().then(({ outcome }) => {
      if (outcome === 'hang') patience.abort();
    });
    const body = JSON.stringify(CML);
    const response = await browser.request(id, '/authenticate', { method: 'POST', body, signal });
    return `${response.status} ${await response.text()}`;
  };

  it.each([
    [{ cut: 'before-answer' }, 'fetch failed', 0],
    [{ cut: 'before-answer', applied: true }, 'fetch failed', 1],
    [{ cut: 'mid-answer' }, 'terminated', 1],
    [{ hang: 'before-answer' }, 'aborted', 0],
    [{ hang: 'before-answer', applied: true }, 'aborted', 1],
    [{ hang: 'mid-body' }, 'aborted', 1],
  ] as const)('by %j', async (rule, message, done) => {
    add({ ...rule, paths: ['/authenticate'], next: 1 });
    await expect(logIn()).rejects.toThrow(message);
    expect(logins()).toBe(done);
    expect(await logIn()).toMatch(/^200 "ey/);
    const { outcome } = fleet.world.cmlLog.recent[0] ?? {};
    expect(outcome).toBe('cut' in rule ? 'cut' : 'hang');
  });

  it('with an error was done where the rule says so', async () => {
    add({ status: 504, html: true, applied: true, next: 1 });
    expect(await logIn()).toMatch(/^504 <html>/);
    add({ status: 503, html: true, next: 1 });
    expect(await logIn()).toMatch(/^503 <html>/);
    expect(logins()).toBe(1);
  });
});

it('is late by the sum of what the rules say', async () => {
  add({ latencyMs: 100 });
  add({ latencyMs: 50, status: 500, next: 1 });
  await ask();
  expect(await ask()).toEqual(good);
  expect(late).toEqual([150, 100]);
});

describe('a changed answer', () => {
  it('lacks members, has others, and unknown values', async () => {
    add({ body: { omit: ['oui', 'not.there'], set: { ready: null, phase: 'WARMING_UP' } } });
    const { oui: _oui, ...rest } = GOOD;
    expect(await ask()).toEqual([
      200,
      'application/json',
      JSON.stringify({ ...rest, ready: null, phase: 'WARMING_UP' }),
    ]);
  });

  it('is changed in every member of an object or a list', async () => {
    add({
      paths: ['/system_health'],
      body: { set: { 'computes.*.valid': null }, omit: ['computes.*.libvirt'] },
    });
    add({ paths: ['/users'], body: { omit: ['*'] } });
    const token = (await (await browser.logIn(id, CML)).json()) as string;
    const init = { headers: { authorization: `Bearer ${token}` } };
    const health = (await (await browser.request(id, '/system_health', init)).json()) as {
      computes: Record<string, Record<string, unknown>>;
    };
    const [compute] = Object.values(health.computes);
    expect([compute?.['valid'], 'libvirt' in (compute ?? {})]).toEqual([null, false]);
    expect(await (await browser.request(id, '/users', init)).text()).toBe('[]');
  });

  it('is another one, or no JSON at all, with another status', async () => {
    add({ body: { replace: [1, 2] }, next: 1 });
    add({ body: { text: '{"ready": tr' }, status: 202, next: 1, every: 2 });
    add({ body: { text: '<html>soon</html>' }, next: 1, every: 3 });
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([
      [200, 'application/json', '[1,2]'],
      [202, 'application/json', '{"ready": tr'],
      [200, 'text/html', '<html>soon</html>'],
      good,
    ]);
  });
});

it.each([
  [{}, 'A fault needs an effect'],
  [{ status: 500, cut: 'before-answer' as const }, 'one of status, hang and cut'],
  [{ status: 418, html: true as const }, 'nginx has pages for'],
  [{ status: 500, path: ['/labs'] }, 'path'],
])('a rule that makes no sense is refused: %j', (rule, message) => {
  expect(() => add(rule)).toThrow(message);
});
