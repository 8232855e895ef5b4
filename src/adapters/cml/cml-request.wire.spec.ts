import { eventually } from '../../../test/support/eventually';
import { Secret } from '../../kernel/secret';
import { ManualTimers } from '../../kernel/timers';
import { type CmlServer } from '../../telemetry';
import { type CmlClients } from './testing/cml-clients';
import { type Answer, empty, json, playCml, type PlayedCml } from './testing/played-cml';
import { aCertificate, type Certificate } from './testing/tls-server';

let certificate: Certificate;
let cml: PlayedCml;

beforeAll(async () => {
  certificate = await aCertificate();
});

afterEach(() => cml.close());

const cut: Answer = (_, request) => request.socket.destroy();

/** The first time answered like this, the second time like that, … */
function inTurn(...answers: readonly Answer[]): Answer {
  let times = 0;
  return (...call) => answers[Math.min(times++, answers.length - 1)]?.(...call);
}

const license = json(200, { registration: { status: 'NOT_REGISTERED' } });

describe('a GET', () => {
  it('is sent again when its kept connection was closed under it', async () => {
    cml = await playCml(certificate, { 'GET /licensing': inTurn(license, cut, license) });
    await cml.clients.observing.readLicense(cml.server);

    const { values } = await cml.clients.observing.readLicense(cml.server);

    expect(values.registration).toBe('NOT_REGISTERED');
    expect([cml.count('GET /licensing'), cml.connections()]).toEqual([3, 2]);
  });

  it('is sent again once only', async () => {
    cml = await playCml(certificate, { 'GET /licensing': inTurn(license, cut) });
    await cml.clients.observing.readLicense(cml.server);

    const reading = cml.clients.observing.readLicense(cml.server);

    await expect(reading).rejects.toMatchObject({ failure: 'unreachable' });
    expect(cml.count('GET /licensing')).toBe(3);
  });

  it('is not sent again when a new connection is closed under it', async () => {
    cml = await playCml(certificate, { 'GET /system_information': cut });

    const reading = cml.clients.observing.readSystem(cml.server);

    await expect(reading).rejects.toMatchObject({ failure: 'unreachable' });
    expect(cml.count('GET /system_information')).toBe(1);
  });

  it('is not sent again when its answer was cut off', async () => {
    const half: Answer = (response, request) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
      response.write('{', () => request.socket.destroy());
    };
    cml = await playCml(certificate, { 'GET /licensing': inTurn(license, half) });
    await cml.clients.observing.readLicense(cml.server);

    const reading = cml.clients.observing.readLicense(cml.server);

    await expect(reading).rejects.toMatchObject({ failure: 'unreachable' });
    expect(cml.count('GET /licensing')).toBe(2);
  });
});

const TOKEN = new Secret('licence-token');

it.each<[string, (clients: CmlClients, server: CmlServer) => Promise<unknown>]>([
  ['POST /licensing/registration', ({ licensing }, server) => licensing.register(server, TOKEN, false)],
  ['PUT /licensing/authorization/renew', ({ licensing }, server) => licensing.renewAuthorization(server)],
  ['PATCH /licensing/features', ({ licensing }, server) => licensing.setFeatures(server, [])],
  ['DELETE /licensing/deregistration', ({ licensing }, server) => licensing.deregister(server)],
  ['PUT /labs/a/stop', ({ labs }, server) => labs.stop(server, 'a')],
])('%s is never sent again when its kept connection was closed under it', async (request, ask) => {
  cml = await playCml(certificate, { 'GET /licensing': license, [request]: cut });
  await cml.clients.observing.readLicense(cml.server);

  await expect(ask(cml.clients, cml.server)).rejects.toMatchObject({ failure: 'unreachable' });
  expect(cml.count(request)).toBe(1);
});

describe('the time of', () => {
  const hang: Answer = () => undefined;

  it.each<[string, number, (clients: CmlClients, server: CmlServer) => Promise<unknown>]>([
    ['GET /system_information', 10, ({ observing }, server) => observing.readSystem(server)],
    ['GET /licensing', 10, ({ observing }, server) => observing.readLicense(server)],
    ['POST /auth_extended', 10, ({ labs }, server) => labs.runningNodes(server)],
    ['GET /telemetry/events', 30, ({ observing }, server) => observing.readActivity(server, null)],
    ['GET /labs/a/download', 30, ({ labs }, server) => labs.topology(server, 'a')],
    ['PUT /labs/a/start', 30, ({ labs }, server) => labs.start(server, 'a')],
    ['POST /licensing/registration', 30, ({ licensing }, server) => licensing.register(server, TOKEN, true)],
    ['DELETE /licensing/deregistration', 90, ({ licensing }, server) => licensing.deregister(server)],
  ])('%s is over after %i s', async (request, seconds, ask) => {
    const timers = new ManualTimers();
    cml = await playCml(certificate, { [request]: hang }, { timers });
    let over = false;
    const asking = ask(cml.clients, cml.server).finally(() => (over = true));
    const failing = expect(asking).rejects.toMatchObject({ failure: 'timeout', code: 'cml-unavailable' });
    await eventually(() => expect(cml.count(request)).toBe(1));

    timers.advance(seconds * 1_000 - 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);

    timers.advance(1);
    await failing;
    expect(cml.count(request)).toBe(1);
  });
});

describe('connections', () => {
  it('are five at most, and one of them is taken where one is enough', async () => {
    cml = await playCml(certificate, { 'GET /licensing': license });
    const { observing } = cml.clients;
    for (let times = 0; times < 3; times += 1) await observing.readLicense(cml.server);
    expect(cml.connections()).toBe(1);

    await Promise.all(Array.from({ length: 12 }, () => observing.readLicense(cml.server)));

    expect([cml.connections(), cml.count('GET /licensing')]).toEqual([5, 15]);
  });

  it('are shared by all who talk to the server, and so is the login', async () => {
    cml = await playCml(certificate, { 'GET /licensing': license, 'PUT /labs/a/stop': empty(204) });

    await cml.clients.observing.readLicense(cml.server);
    await cml.clients.licensing.read(cml.server).catch(() => undefined);
    await cml.clients.labs.stop(cml.server, 'a');

    expect([cml.connections(), cml.count('POST /auth_extended')]).toEqual([1, 1]);
  });

  it('are made all the same where no more may be kept', async () => {
    cml = await playCml(certificate, { 'GET /licensing': license }, { kept: 0 });

    expect((await cml.clients.observing.readLicense(cml.server)).values.registration).toBe('NOT_REGISTERED');
  });
});
