import { once } from 'node:events';
import { type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';

/** A listening server on 127.0.0.1. */
export interface Listening {
  readonly url: string;
  /** Stops listening and cuts every connection, also those that were upgraded or hang. */
  close(): Promise<void>;
}

/** @param port 0 lets the system choose */
export async function listenOnLoopback(server: Server, port: number): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
