import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, createServer, type Server as TcpServer, type Socket } from 'node:net';
import { type Duplex } from 'node:stream';
import { SystemTimers } from '../../kernel/timers';
import { CmlConnector, type ConnectorOptions } from './cml-connector';
import { CONNECTION_LIMITS, ConnectionLimits } from './connection-limits';
import { aCertificate, type Certificate, startTlsServer, type TlsServer } from './testing/tls-server';

const HOST = '127.0.0.1';
const LIMITS = new ConnectionLimits(CONNECTION_LIMITS);

let own: Certificate;
let other: Certificate;
let server: TlsServer;
const closers: (() => void)[] = [];

beforeAll(async () => {
  [own, other] = await Promise.all([aCertificate(), aCertificate()]);
});

beforeEach(async () => {
  server = await startTlsServer(own, (_request, response) => response.end());
});

afterEach(async () => {
  for (const close of closers.splice(0)) close();
  await server.stop();
});

function connector(options: Partial<ConnectorOptions> = {}, pinned: string | null = null): CmlConnector {
  const all = {
    port: server.port,
    tls: 'pin',
    connectTimeoutMs: 20_000,
    accepts: () => true,
    ...options,
  } as const;
  return new CmlConnector(HOST, pinned, all, LIMITS, new SystemTimers());
}

async function connected(to: CmlConnector): Promise<boolean> {
  const socket = await to.connect();
  socket.destroy();
  return socket.encrypted;
}

async function listening(listener: Server | TcpServer): Promise<number> {
  const sockets = new Set<Socket>();
  listener.on('connection', (socket: Socket) => sockets.add(socket));
  closers.push(() => {
    listener.close();
    for (const socket of sockets) socket.destroy();
  });
  listener.listen(0, HOST);
  await once(listener, 'listening');
  return (listener.address() as AddressInfo).port;
}

describe('with a pinned certificate', () => {
  it('a connection shows it, however the fingerprint is written', async () => {
    const pinned = own.fingerprint.replaceAll(':', '').toLowerCase();

    expect(await connected(connector({}, pinned))).toBe(true);
  });

  it('another certificate is refused before a byte is sent, and told', async () => {
    await expect(connector({}, other.fingerprint).connect()).rejects.toMatchObject({
      failure: 'certificate',
      presentedCertificate: own.fingerprint,
    });
    expect(server.received()).toBe(0);
  });

  it('none yet takes the first one, and then that one only', async () => {
    const trusting = connector();
    await connected(trusting);
    expect(trusting.certificate).toBe(own.fingerprint);

    const { port } = server;
    await server.stop();
    server = await startTlsServer(other, (_request, response) => response.end());
    const relay = createServer((socket) => {
      const upstream = connect(server.port, HOST);
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
      socket.pipe(upstream).pipe(socket);
    });
    relay.listen(port, HOST);
    closers.push(() => relay.close());
    await once(relay, 'listening');

    await expect(trusting.connect()).rejects.toMatchObject({
      failure: 'certificate',
      presentedCertificate: other.fingerprint,
    });
    expect(server.received()).toBe(0);
  });
});

describe('with verification', () => {
  it('a certificate of a trusted authority for the address is taken, and not reported', async () => {
    const verifying = connector({ tls: 'verify', caPem: own.cert });

    expect(await connected(verifying)).toBe(true);
    expect(verifying.certificate).toBeNull();
  });

  it('a self-signed one is refused', async () => {
    await expect(connector({ tls: 'verify' }).connect()).rejects.toMatchObject({ failure: 'certificate' });
    expect(server.received()).toBe(0);
  });

  it('one for another name is refused', async () => {
    const options = {
      port: server.port,
      tls: 'verify',
      caPem: own.cert,
      connectTimeoutMs: 20_000,
      accepts: () => true,
    } as const;

    const connecting = new CmlConnector('localhost', null, options, LIMITS, new SystemTimers()).connect();

    await expect(connecting).rejects.toMatchObject({ failure: 'certificate' });
  });
});

it('without verification takes anything', async () => {
  expect(await connected(connector({ tls: 'insecure' }, other.fingerprint))).toBe(true);
});

describe('an address that no server can have', () => {
  const accepts = (address: string) => address !== HOST;
  const refused = { failure: 'unreachable', message: expect.stringContaining('is not asked') as string };

  it('is not connected to', async () => {
    await expect(connector({ accepts }).connect()).rejects.toMatchObject(refused);
    expect(server.received()).toBe(0);
  });

  it('is not connected to by a name that leads there', async () => {
    const options = { port: server.port, tls: 'pin', connectTimeoutMs: 20_000 } as const;
    const named = (accept: (address: string) => boolean) =>
      new CmlConnector('localhost', null, { ...options, accepts: accept }, LIMITS, new SystemTimers());
    await expect(named(() => false).connect()).rejects.toMatchObject(refused);
    expect(await connected(named(() => true))).toBe(true);
  });

  it('is not asked for at a proxy', async () => {
    await expect(connector({ accepts, proxy: `http://${HOST}:9` }).connect()).rejects.toMatchObject(refused);
  });
});

describe('through a proxy', () => {
  async function aProxy(answer: (request: IncomingMessage, socket: Duplex) => void): Promise<string> {
    const proxy = createHttpServer();
    proxy.on('connect', answer);
    return `${HOST}:${await listening(proxy)}`;
  }

  it('the server is reached, and its certificate seen', async () => {
    const asked: unknown[] = [];
    const proxy = await aProxy((request, socket) => {
      asked.push(request.url, request.headers['proxy-authorization']);
      const upstream = connect(server.port, HOST, () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        socket.pipe(upstream).pipe(socket);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    const through = connector({ proxy: `http://me:s%40y@${proxy}` });

    expect(await connected(through)).toBe(true);
    expect(through.certificate).toBe(own.fingerprint);
    expect(asked).toEqual([`${HOST}:${server.port}`, `Basic ${Buffer.from('me:s@y').toString('base64')}`]);
  });

  it('that reaches nobody, the server is unreachable', async () => {
    const proxy = await aProxy((_request, socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));

    await expect(connector({ proxy: `http://${proxy}` }).connect()).rejects.toMatchObject({
      failure: 'unreachable',
      message: expect.stringContaining(proxy) as string,
    });
  });

  it('that hangs, time runs out', async () => {
    const proxy = await aProxy(() => undefined);

    const connecting = connector({ proxy: `http://${proxy}`, connectTimeoutMs: 100 }).connect();

    await expect(connecting).rejects.toMatchObject({ failure: 'timeout' });
  });

  it('that is not there, the message names the proxy', async () => {
    const connecting = connector({ proxy: `http://${HOST}:1` }).connect();

    await expect(connecting).rejects.toMatchObject({
      failure: 'unreachable',
      message: `The proxy ${HOST}:1 cannot be reached.`,
    });
  });
});

it('a port that nobody listens on is unreachable', async () => {
  await expect(connector({ port: 1 }).connect()).rejects.toMatchObject({ failure: 'unreachable' });
});

it('a server that never shakes hands is timed out', async () => {
  const port = await listening(createServer());

  await expect(connector({ port, connectTimeoutMs: 100 }).connect()).rejects.toMatchObject({
    failure: 'timeout',
  });
});
