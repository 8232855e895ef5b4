import { CmlAdmin } from '../testing/cml-admin';
import { CmlBrowser } from '../testing/cml-browser';
import { CML, READY_AFTER_SECONDS, type SimulatedFleet, startFleet } from '../testing/simulated-fleet';

let fleet: SimulatedFleet;
let browser: CmlBrowser;
let id: string;
beforeEach(async () => {
  fleet = await startFleet({ loginLimit: { perMinute: 3 } });
  browser = new CmlBrowser(fleet);
  id = await fleet.launch('worker');
  fleet.seconds(READY_AFTER_SECONDS);
});
afterEach(async () => {
  await browser.close();
  await fleet.stop();
});

it('takes so many logins a minute of machine time, good or bad', async () => {
  const wrong = { ...CML, password: 'wrong' };
  const statuses = async (count: number) => {
    const seen: number[] = [];
    for (let n = 0; n < count; n += 1) seen.push((await browser.logIn(id, n === 0 ? wrong : CML)).status);
    return seen;
  };
  expect(await statuses(5)).toEqual([403, 200, 200, 429, 429]);
  fleet.machine.advance(59_999);
  expect(await (await browser.logIn(id, CML)).json()).toEqual({
    code: 429,
    description: 'Too many requests.',
  });
  fleet.machine.advance(1);
  expect(await statuses(1)).toEqual([403]);
  fleet.world.host(id).logins.limit = { perMinute: 0, html: true };
  expect(await (await browser.logIn(id, CML)).text()).toContain('<title>429 Too Many Requests</title>');
});

it('has accounts with passwords and rights of their own', async () => {
  const server = fleet.world.server(id);
  server.setAccount('lab-admin', 'one');
  server.setAccount('student', 'two', { admin: false });
  const admin = await CmlAdmin.logIn(browser, id, { username: 'lab-admin', password: 'one' });
  const student = await CmlAdmin.logIn(browser, id, { username: 'student', password: 'two' });
  expect([await admin.outcome('GET', '/telemetry'), await student.outcome('GET', '/telemetry')]).toEqual([
    '200{"opt_in":true,"show_modal":false}',
    '403 User does not have permission for this operation.',
  ]);
  server.setAccount('lab-admin', 'changed');
  expect((await browser.logIn(id, { username: 'lab-admin', password: 'one' })).status).toBe(403);
  expect(await admin.get('/authok')).toBe('OK');
});

it('takes no token any more once all sessions are ended', async () => {
  const cml = await CmlAdmin.logIn(browser, id, CML);
  fleet.world.host(id).tokens.revokeAll();
  expect(await cml.outcome('GET', '/labs')).toBe('401 Authorization token is invalid or expired.');
  expect(await (await CmlAdmin.logIn(browser, id, CML)).get('/labs')).toEqual([]);
});
