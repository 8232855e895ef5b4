import { once } from 'node:events';
import { request } from 'node:http';
import { type Socket } from 'node:net';
import { connect } from 'node:tls';
import { READY_AFTER_SECONDS, REGION, type SimulatedFleet, startFleet } from '../testing/simulated-fleet';

let fleet: SimulatedFleet;
beforeEach(async () => {
  fleet = await startFleet();
});
afterEach(() => fleet.stop());

async function tunnel(target: string): Promise<{ status: number | undefined; socket: Socket }> {
  const { hostname, port } = new URL(fleet.cmlProxy);
  const connecting = request({ hostname, port, method: 'CONNECT', path: target }).end();
  const [response, socket] = (await once(connecting, 'connect')) as [{ statusCode?: number }, Socket];
  return { status: response.statusCode, socket };
}

async function fingerprintAt(address: string): Promise<string> {
  const { socket } = await tunnel(`${address}:443`);
  const secured = connect({ socket, rejectUnauthorized: false });
  await once(secured, 'secureConnect');
  const { fingerprint256 } = secured.getPeerCertificate();
  secured.destroy();
  return fingerprint256;
}

it('answers 502 where no server listens', async () => {
  const id = await fleet.launch('booting');
  const { privateIp } = fleet.world.instance(id).launch;
  const status = async (target: string) => (await tunnel(target)).status;
  expect(await status(`${privateIp}:443`)).toBe(502);
  fleet.seconds(60);
  expect(await status(`${privateIp}:443`)).toBe(502);
  fleet.seconds(40);
  expect(await status(`${privateIp}:443`)).toBe(200);
  expect(await status(`${privateIp}:22`)).toBe(502);
  expect(await status('10.9.9.9:443')).toBe(502);
});

it('leads to no server on an instance without CML', async () => {
  const ubuntu = fleet.world.region(REGION)?.images.find((image) => image.cmlVersion === null);
  const id = await fleet.launch('plain', { ImageId: ubuntu?.id });
  fleet.seconds(READY_AFTER_SECONDS);
  expect((await tunnel(`${fleet.world.instance(id).launch.privateIp}:443`)).status).toBe(502);
});

it('shows the certificate of the server behind the address, until it is replaced', async () => {
  const [a, b] = [await fleet.launch('a'), await fleet.launch('b')];
  fleet.seconds(READY_AFTER_SECONDS);
  const addressOf = (id: string) => fleet.world.instance(id).launch.privateIp;
  const first = await fingerprintAt(addressOf(a));
  expect(first).toBe((await fleet.world.host(a).certificate.current()).fingerprint);
  expect(await fingerprintAt(addressOf(a))).toBe(first);
  expect(await fingerprintAt(addressOf(b))).not.toBe(first);
  fleet.world.host(a).certificate.replace();
  expect(await fingerprintAt(addressOf(a))).not.toBe(first);
});
