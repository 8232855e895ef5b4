import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { type AddressPolicy, guardedConnector } from './guarded-connector';

let server: Server;
let asked: number;
let connected: number;
let origin: string;

beforeEach(async () => {
  asked = 0;
  connected = 0;
  server = createServer((_request, response) => {
    asked += 1;
    response.end('inside');
  }).listen(0, '127.0.0.1');
  server.on('connection', () => (connected += 1));
  await once(server, 'listening');
  origin = `:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function get(host: string, accepts: AddressPolicy['accepts'], ...addresses: string[]): Promise<string> {
  const connect = guardedConnector({
    policy: { accepts, refusal: 'not there' },
    resolve: () => Promise.resolve(addresses.map((address) => ({ address, family: 4 }))),
    timeoutMs: 5_000,
  });
  const agent = new Agent({ connect });
  try {
    const { body } = await agent.request({ origin: `http://${host}${origin}`, path: '/', method: 'GET' });
    return await body.text();
  } catch (error) {
    return (error as Error).message;
  } finally {
    await agent.destroy();
  }
}

it('connects where the policy lets it, which is told whether others can read along', async () => {
  const seen: unknown[] = [];
  const all = (...told: unknown[]) => seen.push(told) > 0;
  expect(await get('some.example', all, '127.0.0.1')).toBe('inside');
  expect(new Set(seen.map(String))).toEqual(new Set(['127.0.0.1,true']));
});

it.each([
  ['an address in the URL', '127.0.0.1', []],
  ['all addresses of a name', 'some.example', ['127.0.0.1', '127.0.0.2']],
])('sends nothing to %s that the policy refuses, and tells none', async (_, host, addresses) => {
  expect(await get(host, () => false, ...addresses)).toBe('not there');
  expect([connected, asked]).toEqual([0, 0]);
});

it('sends nothing over a connection whose other end is not what was accepted', async () => {
  let times = 0;
  const once = () => (times += 1) === 1;
  expect(await get('some.example', once, '127.0.0.1')).toBe('not there');
  expect([times, connected, asked]).toEqual([2, 1, 0]);
});
