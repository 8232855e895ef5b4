import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type HttpApp, keyOf, startHttpApp } from './testing/http-app';
import { limitServer, SERVER_LIMITS } from './server-limits';

/** Milliseconds of silence after which a server that does not hang up counts as one that never does. */
const PATIENCE = 5_000;

/** Sends the text, and nothing more: all that comes back until the server hangs up. */
function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.setTimeout(PATIENCE, () => socket.destroy());
    socket.setEncoding('utf8').on('data', (part) => (answer += String(part)));
    socket.on('close', () => resolve(answer)).on('error', reject);
  });
}

const statusOf = (answer: string) => answer.split('\r\n')[0];
const portOf = (server: Server) => (server.address() as AddressInfo).port;

describe('the HTTP server', () => {
  let http: HttpApp;
  beforeAll(async () => {
    http = await startHttpApp({});
  });
  afterAll(() => http.close());

  const server = () => http.app.getHttpServer();

  it('waits so long for requests, and no longer', () => {
    expect(SERVER_LIMITS).toEqual({ headers: 20_000, request: 60_000, keepAlive: 65_000 });
    const { headersTimeout, requestTimeout, keepAliveTimeout } = server();
    expect([headersTimeout, requestTimeout, keepAliveTimeout]).toEqual([20_000, 60_000, 65_000]);
  });

  it('takes headers of 15 KiB, and answers 431 to 17', async () => {
    const request = (kib: number) =>
      `GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Long: ${'a'.repeat(kib * 1024)}\r\n\r\n`;
    expect(statusOf(await sendRaw(portOf(server()), request(15)))).toBe('HTTP/1.1 200 OK');
    expect(statusOf(await sendRaw(portOf(server()), request(17)))).toBe(
      'HTTP/1.1 431 Request Header Fields Too Large',
    );
  });

  describe('with limits that a test can wait for', () => {
    let quick: Server;
    beforeAll(async () => {
      const serve = http.app.getHttpAdapter().getInstance() as Parameters<typeof createServer>[1];
      quick = createServer({ connectionsCheckingInterval: 20 }, serve);
      limitServer(quick, { headers: 200, request: 400, keepAlive: 65_000 });
      await new Promise<void>((resolve) => quick.listen(0, '127.0.0.1', resolve));
    });
    afterAll(async () => {
      const closed = new Promise((resolve) => quick.close(resolve));
      quick.closeAllConnections();
      await closed;
    });

    it('lets go of a client whose headers do not come', async () => {
      const answer = await sendRaw(portOf(quick), 'GET /health/live HTTP/1.1\r\nHost: x\r\nX-Slow');
      expect(statusOf(answer)).toBe('HTTP/1.1 408 Request Timeout');
    });

    it('lets go of a client whose body does not come', async () => {
      const key = `Authorization: Bearer ${keyOf('viewer')}\r\n`;
      const head = `POST /api/v1/x HTTP/1.1\r\nHost: x\r\n${key}Content-Type: application/json\r\n`;
      const answer = await sendRaw(portOf(quick), `${head}Content-Length: 100\r\n\r\n{"a"`);
      expect(statusOf(answer)).toBe('HTTP/1.1 408 Request Timeout');
    });
  });
});
