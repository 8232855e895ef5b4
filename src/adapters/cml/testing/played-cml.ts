import { type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { ManualClock } from '../../../kernel/clocks';
import { type CmlServer } from '../../../telemetry';
import { cmlClients, type CmlClients, type CmlClientsOptions } from './cml-clients';
import { type Certificate, sendJson, startTlsServer, type TlsServer } from './tls-server';

/** How a request is answered; `body` is what came with it. */
export type Answer = (response: ServerResponse, request: IncomingMessage, body: string) => unknown;

/** A CML server on 127.0.0.1 that answers as a test says, and the clients for it. */
export interface PlayedCml extends TlsServer {
  readonly clients: CmlClients;
  readonly server: CmlServer;
  readonly clock: ManualClock;
  /** How often `GET /labs` was asked, say; below /api/v0, with the query. */
  count(request: string): number;
  close(): Promise<void>;
}

/** What our login is answered with. */
export const LOGIN = {
  username: 'fleet',
  id: 'u-own',
  token: 'opaque-session-token',
  admin: true,
  error: null,
};

/** @param answers by `GET /labs`; it lets everybody in, and answers 404 to the rest */
export async function playCml(
  certificate: Certificate,
  answers: Readonly<Record<string, Answer>>,
  options: CmlClientsOptions = {},
): Promise<PlayedCml> {
  const all: Readonly<Record<string, Answer>> = { 'POST /auth_extended': json(200, LOGIN), ...answers };
  const asked: string[] = [];
  const tls = await startTlsServer(certificate, (request, response) => {
    const name = `${request.method} ${(request.url ?? '').replace('/api/v0', '')}`;
    asked.push(name);
    const answer = all[name] ?? json(404, { code: 404, description: `Not found: ${name}` });
    text(request).then(
      (body) => answer(response, request, body),
      () => request.socket.destroy(),
    );
  });
  const clock = new ManualClock(new Date('2026-11-23T08:00:00Z'));
  const clients = cmlClients({ port: tls.port, ...options }, clock, clock);
  return {
    ...tls,
    clients,
    clock,
    server: { workerId: 'w-1', host: '127.0.0.1', pinnedCertificate: null, credentials: null },
    count: (request) => asked.filter((name) => name === request).length,
    close: async () => {
      await clients.close();
      await tls.stop();
    },
  };
}

export function json(status: number, body: unknown): Answer {
  return (response) => sendJson(response, status, body);
}

export function empty(status: number): Answer {
  return (response) => response.writeHead(status).end();
}

/** CML's error body. */
export function problem(code: number, description: string): Answer {
  return json(code, { code, description });
}
