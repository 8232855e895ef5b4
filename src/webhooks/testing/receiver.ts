import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { Webhook as StandardWebhook } from 'standardwebhooks';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Respond = (request: Received, response: ServerResponse) => void;

/** Somebody's program that webhooks are sent to, on 127.0.0.1. */
export interface Receiver {
  readonly port: number;
  readonly url: string;
  readonly received: Received[];
  /** what it answers from now on; 204 at first */
  respond: Respond;
  close(): Promise<void>;
}

export const answer =
  (status: number, headers: Record<string, string> = {}): Respond =>
  (_request, response) =>
    void response.writeHead(status, headers).end();

/** @param tls certificate and key, PEM, for https */
export async function startReceiver(tls?: { cert: string; key: string }): Promise<Receiver> {
  const listener: RequestListener = (request, response) => void take(request, response);
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    port,
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}/hook/token-in-path?token=in-query`,
    received: [],
    respond: answer(204),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers } = request;
    const received = { method, path, headers, body: Buffer.concat(chunks) };
    receiver.received.push(received);
    receiver.respond(received, response);
  };
  return receiver;
}

/** The CloudEvent that was received. */
export function eventIn({ body }: Received): Record<string, unknown> {
  return JSON.parse(body.toString()) as Record<string, unknown>;
}

/** Whether Standard Webhooks' own verifier takes it, at a time, for sent by whoever has the secret. */
export function isSignedBy(secret: string, { headers, body }: Received, now: Date): boolean {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(now.getTime());
  try {
    new StandardWebhook(secret).verify(body.toString(), headers as Record<string, string>);
    return true;
  } catch (error) {
    if (error instanceof Error && error.message === 'No matching signature found') return false;
    throw error;
  } finally {
    clock.mockRestore();
  }
}
