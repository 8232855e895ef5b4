import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

/** A loopback endpoint that answers as a test says, and keeps the bodies that it was sent. */
export interface ScriptedAws {
  readonly endpoint: string;
  readonly bodies: string[];
  stop(): Promise<void>;
}

/** @param answer left unanswered, the request hangs until the client gives up */
export async function startScriptedAws(
  answer: (body: string, response: ServerResponse, request: IncomingMessage) => void,
): Promise<ScriptedAws> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      bodies.push(body);
      answer(body, response, request);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

export function sendXml(response: ServerResponse, status: number, xml: string): void {
  response.writeHead(status, { 'content-type': 'text/xml;charset=UTF-8' }).end(xml);
}

/** The actions of EC2 that it was asked for, in order. */
export function actionsOf({ bodies }: ScriptedAws): (string | null)[] {
  return bodies.map((body) => new URLSearchParams(body).get('Action'));
}
