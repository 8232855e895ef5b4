import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { generate } from 'selfsigned';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** SHA-256, `AB:CD:…` */
  readonly fingerprint: string;
}

/** A self-signed certificate that is valid for 127.0.0.1. */
export async function aCertificate(): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'cml' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  return { cert, key, fingerprint: new X509Certificate(cert).fingerprint256 };
}

/** An HTTPS server on 127.0.0.1 that a test plays CML with. */
export interface TlsServer {
  readonly port: number;
  /** `GET /api/v0/labs`, in the order of arrival */
  readonly requests: string[];
  /** bytes that came in after the handshake, of whatever kind */
  readonly received: () => number;
  readonly connections: () => number;
  stop(): Promise<void>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export async function startTlsServer({ cert, key }: Certificate, handler: Handler): Promise<TlsServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let received = 0;
  let connections = 0;
  const http: Server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    handler(request, response);
  });
  const tls = createTlsServer({ cert, key }, (socket) => {
    connections += 1;
    socket.on('data', (chunk: Buffer) => (received += chunk.length));
    http.emit('connection', socket);
  });
  tls.on('connection', (socket: Socket) => sockets.add(socket));
  tls.listen(0, '127.0.0.1');
  await once(tls, 'listening');
  return {
    port: (tls.address() as AddressInfo).port,
    requests,
    received: () => received,
    connections: () => connections,
    stop: async () => {
      const closed = once(tls, 'close');
      tls.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
