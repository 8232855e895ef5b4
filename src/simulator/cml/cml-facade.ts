import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';
import { type TLSSocket } from 'node:tls';
import { readBody } from '../loopback-server';
import { type World } from '../world';
import { answerCml, BASE_PATH, type CmlRequest } from './cml-api';
import { type CmlHost } from './cml-host';
import { type CmlAnswer } from './cml-route';
import { type CmlStrike } from './faults/cml-strike';
import { sendAnswer } from './send-answer';

const BAD_GATEWAY: CmlAnswer = { status: 502, html: true };

/** The HTTPS side of all CML servers: TLS connections are handed to it together with the server they were made to. */
export class CmlFacade {
  private readonly server = createServer((request, response) => {
    this.handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  private readonly addresses = new WeakMap<Socket, string>();

  constructor(
    private readonly world: World,
    private readonly door?: string,
  ) {}

  /** @param address the IP that the client meant: an instance that has lost it no longer answers */
  accept(socket: TLSSocket, address: string): void {
    this.addresses.set(socket, address);
    this.server.emit('connection', socket);
  }

  private async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readBody(incoming);
    const { clock, pause } = this.world.options;
    const now = clock.now();
    const host = this.world.hostAt(this.addresses.get(incoming.socket) ?? '');
    if (!host?.accepts(now)) {
      incoming.socket.destroy();
      return;
    }
    const method = incoming.method ?? 'GET';
    const url = new URL(incoming.url ?? '/', 'https://cml');
    const request = { method, url, text, authorization: incoming.headers.authorization };
    const path = url.pathname.replace(BASE_PATH, '');
    const call = { instanceId: host.instance.id, method, path, door: this.door };
    if (host.server.fault === 'hang') {
      this.world.cmlLog.add({ at: now, ...call, outcome: 'hang' });
      return;
    }
    const strike = this.world.cmlFaults.strike({ name: this.world.nameOf(host.instance), ...call });
    const answer = strike.applied ? await answerBehindNginx(host, now, request) : null;
    if (strike.latencyMs > 0) await pause(strike.latencyMs);
    const stop = strike.stop ?? troubleOf(host);
    const outcome = await sendAnswer(response, answer, strike, stop);
    this.world.cmlLog.add({ at: now, ...call, outcome });
  }
}

/** While CML boots, nginx is alone; a little later /system_information is the first to answer. */
async function answerBehindNginx(host: CmlHost, now: Date, request: CmlRequest): Promise<CmlAnswer> {
  if (host.server.fault === 'bad-gateway') return BAD_GATEWAY;
  const phase = host.phase(now);
  if (phase === 'bad-gateway') return BAD_GATEWAY;
  if (phase === 'booting' && request.url.pathname !== `${BASE_PATH}/system_information`) return BAD_GATEWAY;
  return answerCml(host, now, request);
}

function troubleOf(host: CmlHost): CmlStrike['stop'] {
  return host.server.fault === 'hang-mid-body' ? { how: 'hang', answered: 'half' } : null;
}
