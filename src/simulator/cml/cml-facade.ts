import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';
import { type TLSSocket } from 'node:tls';
import { readBody } from '../loopback-server';
import { type World } from '../world';
import { type CmlHost } from './cml-host';
import { type CmlAnswer, type CmlCall, CmlProblem, type CmlRoute } from './cml-route';
import { LAB_ROUTES } from './lab-routes';
import { SESSION_ROUTES } from './session-routes';
import { SYSTEM_ROUTES } from './system-routes';

const BASE_PATH = '/api/v0';
const ROUTES: readonly CmlRoute[] = [...SESSION_ROUTES, ...SYSTEM_ROUTES, ...LAB_ROUTES];
const BAD_GATEWAY =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n' +
  '<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n';

/** The HTTPS side of all CML servers: TLS connections are handed to it together with the server they were made to. */
export class CmlFacade {
  private readonly server = createServer((request, response) => {
    this.handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  private readonly addresses = new WeakMap<Socket, string>();

  constructor(private readonly world: World) {}

  /** @param address the IP that the client meant: an instance that has lost it no longer answers */
  accept(socket: TLSSocket, address: string): void {
    this.addresses.set(socket, address);
    this.server.emit('connection', socket);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readBody(request);
    const now = this.world.options.clock.now();
    const host = this.world.hostAt(this.addresses.get(request.socket) ?? '');
    if (!host?.accepts(now)) {
      request.socket.destroy();
      return;
    }
    if (host.server.fault === 'hang') return;
    const url = new URL(request.url ?? '/', 'https://cml');
    if (host.server.fault === 'bad-gateway' || behindNginx(host, now, url.pathname)) {
      response.writeHead(502, { 'content-type': 'text/html' }).end(BAD_GATEWAY);
      return;
    }
    const { status, body } = await answer(host, now, request, url, text);
    if (body === undefined) {
      response.writeHead(status).end();
      return;
    }
    const bytes = Buffer.from(JSON.stringify(body));
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
    if (host.server.fault === 'hang-mid-body') response.write(bytes.subarray(0, bytes.length / 2));
    else response.end(bytes);
  }
}

/** While CML boots, nginx is alone; a little later /system_information is the first to answer. */
function behindNginx(host: CmlHost, now: Date, path: string): boolean {
  const phase = host.phase(now);
  return phase === 'bad-gateway' || (phase === 'booting' && path !== `${BASE_PATH}/system_information`);
}

async function answer(
  host: CmlHost,
  now: Date,
  request: IncomingMessage,
  url: URL,
  text: string,
): Promise<CmlAnswer> {
  try {
    const { route, path } = findRoute(request.method ?? 'GET', url.pathname);
    const caller = route.open ? null : await authenticated(host, request.headers.authorization);
    if (host.server.fault === 'labs-forbidden' && route.path.startsWith('/labs')) {
      throw new CmlProblem(403, 'User does not have permission for this operation.');
    }
    const call: CmlCall = { host, now, caller, path, query: url.searchParams, body: parsed(text) };
    return await route.answer(call);
  } catch (error) {
    if (!(error instanceof CmlProblem)) throw error;
    return { status: error.status, body: { code: error.status, description: error.message } };
  }
}

function findRoute(
  method: string,
  pathname: string,
): { route: CmlRoute; path: Readonly<Record<string, string>> } {
  for (const route of ROUTES) {
    const pattern = new RegExp(`^${BASE_PATH}${route.path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
    const match = route.method === method ? pattern.exec(pathname) : null;
    if (match) return { route, path: match.groups ?? {} };
  }
  throw new CmlProblem(404, `Not found: ${pathname}`);
}

async function authenticated(
  { tokens, server }: CmlHost,
  header: string | undefined,
): Promise<NonNullable<CmlCall['caller']>> {
  const token = /^Bearer (.+)$/.exec(header ?? '')?.[1];
  if (!token) throw new CmlProblem(401, 'No authorization token provided.');
  const session = await tokens.verify(token);
  const user = server.users.find((candidate) => candidate.id === session?.userId);
  if (!session || !user) throw new CmlProblem(401, 'Authorization token is invalid or expired.');
  return { user, sessionId: session.sessionId };
}

function parsed(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CmlProblem(400, `The body is not JSON: ${String(error)}`);
  }
}
