import { createServer, type IncomingMessage } from 'node:http';
import { type Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { listenOnLoopback, type Listening } from '../loopback-server';
import { type World } from '../world';
import { CmlFacade } from './cml-facade';

const HTTPS_PORT = '443';

/**
 * An HTTP proxy as which the whole address space of the world can be reached from one loopback port: `CONNECT ip:443`
 * leads to the CML server on the running instance that has that address now. TLS ends here, with the certificate of
 * that server. 502 where nobody listens at the address. `door`: see `CmlCallEntry`.
 */
export function listenAsProxy(world: World, port: number, door?: string): Promise<Listening> {
  const facade = new CmlFacade(world, door);
  const server = createServer((_request, response) => {
    response.writeHead(405, { 'content-type': 'text/plain' }).end('This proxy answers CONNECT only.\n');
  });
  server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    connect(world, facade, request, socket, head).catch((error: unknown) => socket.destroy(error as Error));
  });
  return listenOnLoopback(server, port);
}

async function connect(
  world: World,
  facade: CmlFacade,
  { url }: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  // A client that goes away in mid-handshake is its own affair.
  socket.on('error', () => socket.destroy());
  const [address = '', port] = (url ?? '').split(':');
  const host = world.hostAt(address);
  if (port !== HTTPS_PORT || !host?.accepts(world.options.clock.now())) {
    socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    return;
  }
  const { context } = await host.certificate.current();
  socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  socket.unshift(head);
  const secured = new TLSSocket(socket, { isServer: true, secureContext: context });
  secured.on('error', () => secured.destroy());
  facade.accept(secured, address);
}
