import { HOUR, MINUTE, SECOND } from '../../kernel/clocks';
import { Secret } from '../../kernel/secret';
import { busy } from '../../simulator/people/people';
import { type CmlFault } from '../../simulator/cml/cml-fault';
import {
  CML,
  READY_AFTER_SECONDS,
  type SimulatedFleet,
  startFleet,
} from '../../simulator/testing/simulated-fleet';
import { type CmlFailure, type CmlServer } from '../../telemetry';
import { cmlClients, type CmlClients, type CmlClientsOptions } from './testing/cml-clients';
import { type CmlHttpClient } from './cml-http-client';

let fleet: SimulatedFleet;
let clients: CmlClients;
let client: CmlHttpClient;
let instance: string;
let server: CmlServer;

beforeEach(async () => {
  fleet = await startFleet();
  client = aClient();
  instance = await fleet.launch('lab-1');
  fleet.seconds(READY_AFTER_SECONDS);
  server = { workerId: 'w-1', host: address(), pinnedCertificate: null, credentials: null };
});

afterEach(async () => {
  await clients.close();
  await fleet.stop();
});

function aClient(changes: CmlClientsOptions = {}): CmlHttpClient {
  clients = cmlClients({ proxy: fleet.cmlProxy, ...changes }, fleet.machine, fleet.clock);
  return clients.observing;
}

function address(): string {
  return fleet.world.instance(instance).facts.at(fleet.clock.now())?.publicIp ?? '';
}

function fingerprint(): Promise<string> {
  return fleet.world
    .host(instance)
    .certificate.current()
    .then((certificate) => certificate.fingerprint);
}

/** Labs of ada and grace: one that runs, one that was stopped. */
function someLabs(): void {
  const cml = fleet.world.server(instance);
  const [ada, grace] = [cml.userNamed('ada'), cml.userNamed('grace')];
  const now = fleet.clock.now();
  cml.startLab(cml.labOf(ada, 'BGP', now), ada, now);
  const ospf = cml.labOf(grace, 'OSPF', now);
  cml.startLab(ospf, grace, now);
  fleet.minutes(1);
  cml.stopLab(ospf, grace, fleet.clock.now());
}

function logins(): number {
  const { telemetry, users } = fleet.world.server(instance);
  const own = users.find(({ username }) => username === CML.username)?.id;
  return telemetry.filter(({ category, data }) => category === 'user_activity' && data['user_id'] === own)
    .length;
}

it('reads the system, with the certificate that the server shows', async () => {
  const { values, certificate } = await client.readSystem(server);

  expect(values).toMatchObject({ version: '2.9.0+build.3', ready: true, healthy: true, licensed: true });
  expect(values).toMatchObject({
    memoryPercent: expect.closeTo(5, 1) as number,
    diskPercent: 43.75,
    runningNodes: 0,
  });
  expect(certificate).toBe(await fingerprint());
});

it('reads a server that says it is not ready, while nothing else answers', async () => {
  const young = await fleet.launch('young');
  fleet.seconds(60 + 100);
  const { publicIp } = fleet.world.instance(young).facts.at(fleet.clock.now()) ?? {};

  const { values } = await client.readSystem({ ...server, workerId: 'w-2', host: publicIp ?? '' });

  expect(values).toMatchObject({ ready: false, version: '2.9.0+build.3', healthy: null, cpuPercent: null });
});

it('reads the labs of all users', async () => {
  someLabs();

  const { values } = await client.readLabs(server);

  expect(values).toMatchObject({ total: 2, running: 1 });
  expect(values.labs.map(({ title, owner, state, nodeCount }) => [title, owner, state, nodeCount])).toEqual([
    ['BGP', 'ada', 'STARTED', 4],
    ['OSPF', 'grace', 'STOPPED', 4],
  ]);
});

describe('activity', () => {
  it('is what people do, and not our logins', async () => {
    fleet.world.cast('lab-1', busy);
    fleet.minutes(2);
    const quiet = await client.readActivity(server, null);
    expect(quiet.values).toMatchObject({ newestCategory: 'user_activity', everSeen: true });

    fleet.minutes(10);
    const { values } = await client.readActivity(server, quiet.values);
    expect(values.newestActivityAt).toEqual(fleet.world.truth(instance).lastUsedAt);
  });

  it('is none where only we were there', async () => {
    await client.readActivity(server, null);

    const { values } = await client.readActivity(server, null);

    expect(logins()).toBe(1);
    expect(values).toMatchObject({ newestActivityAt: null, everSeen: true });
  });

  it('as built-in admin is none within 10 s of our own login, and a person’s after that', async () => {
    await fleet.stop();
    fleet = await startFleet({ cml: { ...CML, username: 'admin' } });
    instance = await fleet.launch('lab-1');
    fleet.seconds(READY_AFTER_SECONDS);
    server = { ...server, host: address() };
    client = aClient({ account: { username: 'admin', password: new Secret(CML.password) } });
    const first = await client.readActivity(server, null);
    expect(first.values.newestActivityAt).toBeNull();

    fleet.seconds(11);
    const cml = fleet.world.server(instance);
    cml.record('user_activity', cml.userNamed('admin'), fleet.clock.now());

    const { values } = await client.readActivity(server, first.values);
    expect(values.newestActivityAt).toEqual(
      new Date(Math.floor(fleet.clock.now().getTime() / SECOND) * SECOND),
    );
  });

  it('on a server that reports nothing was never seen', async () => {
    fleet.world.server(instance).fault = 'telemetry-empty';

    expect((await client.readActivity(server, null)).values.everSeen).toBe(false);
  });
});

describe('our session', () => {
  it('is begun once for all readings, also for those at the same time', async () => {
    await Promise.all([
      client.readSystem(server),
      client.readLabs(server),
      client.readActivity(server, null),
    ]);
    await client.readLabs(server);

    expect(logins()).toBe(1);
  });

  it('is renewed before its token ends', async () => {
    await client.readLabs(server);
    fleet.machine.advance(24 * HOUR - MINUTE);
    await client.readLabs(server);

    expect(logins()).toBe(2);
  });

  it('is begun anew when the server takes the token no more', async () => {
    await client.readLabs(server);
    const { tokens, server: cml } = fleet.world.host(instance);
    tokens.revokeAllOf(cml.userNamed(CML.username).id);

    expect((await client.readLabs(server)).values.total).toBe(0);
    expect(logins()).toBe(2);
  });

  it('with a wrong password is not tried again for five minutes', async () => {
    await clients.close();
    client = aClient({ account: { username: 'fleet', password: new Secret('wrong-password') } });
    await expect(client.readLabs(server)).rejects.toMatchObject({ failure: 'credentials' });

    // It would be let in now, if it asked.
    const authenticate = jest.spyOn(fleet.world.server(instance), 'authenticate');
    fleet.machine.advance(5 * MINUTE - 1);
    await expect(client.readSystem(server)).rejects.toMatchObject({ failure: 'credentials' });
    expect(authenticate).not.toHaveBeenCalled();

    fleet.machine.advance(1);
    await expect(client.readLabs(server)).rejects.toMatchObject({ failure: 'credentials' });
    expect(authenticate).toHaveBeenCalledTimes(1);
  });

  it('leaves no trace of the password in an error', async () => {
    await clients.close();
    client = aClient({ account: { username: 'fleet', password: new Secret('wrong-password') } });
    const error: unknown = await client.readLabs(server).catch((caught: unknown) => caught);

    expect(JSON.stringify(error) + String(error)).not.toContain('wrong-password');
  });
});

describe('a reading fails as', () => {
  it.each<[CmlFault, CmlFailure]>([
    ['bad-gateway', 'not-ready'],
    ['down', 'unreachable'],
    ['labs-forbidden', 'credentials'],
  ])('%s: %s', async (fault, failure) => {
    fleet.world.server(instance).fault = fault;

    await expect(client.readLabs(server)).rejects.toMatchObject({ failure });
  });

  it.each<CmlFault>(['hang', 'hang-mid-body'])('timeout on a server with the fault %s', async (fault) => {
    await clients.close();
    client = aClient({ timeouts: { read: 2_000 } });
    await client.readSystem(server);
    fleet.world.server(instance).fault = fault;

    await expect(client.readSystem(server)).rejects.toMatchObject({ failure: 'timeout' });
  });

  it('certificate, naming the one that is shown, where another one is pinned', async () => {
    const pinned = { ...server, pinnedCertificate: 'AB:CD' };

    await expect(client.readSystem(pinned)).rejects.toMatchObject({
      failure: 'certificate',
      presentedCertificate: await fingerprint(),
    });
  });
});

describe('the link to a server', () => {
  it('goes on when its own certificate gets pinned', async () => {
    const { certificate } = await client.readLabs(server);
    await client.readLabs({ ...server, pinnedCertificate: certificate });

    expect(logins()).toBe(1);
  });

  it('is a new one, with a login of its own, at another address', async () => {
    await client.readLabs(server);
    const { privateIp } = fleet.world.instance(instance).launch;
    await client.readLabs({ ...server, host: privateIp });

    expect(logins()).toBe(2);
  });

  it('is a new one when another certificate is accepted', async () => {
    const { certificate } = await client.readLabs(server);
    fleet.world.host(instance).certificate.replace();
    const accepted = { ...server, pinnedCertificate: await fingerprint() };

    const reading = await client.readLabs(accepted);

    expect(reading.certificate).toBe(accepted.pinnedCertificate);
    expect(reading.certificate).not.toBe(certificate);
  });
});
