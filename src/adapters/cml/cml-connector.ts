import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect, isIP, isIPv6, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { type Timers } from '../../kernel/timers';
import { BlockedTarget, checkedLookup, systemResolve } from '../../outbound';
import { CmlError } from '../../telemetry';
import { causeOf, cmlErrorOf, timedOut } from './cml-errors';
import { type ConnectionLimits } from './connection-limits';

/**
 * pin: the server must show the pinned certificate, or, where none is pinned yet, the same one on every connection;
 * verify: its certificate must be valid for its address; insecure: anything goes.
 */
type TlsMode = 'pin' | 'verify' | 'insecure';

export interface ConnectorOptions {
  readonly port: number;
  readonly tls: TlsMode;
  /** which addresses may be a CML server's; a name through a proxy is the proxy's to resolve */
  readonly accepts: (address: string) => boolean;
  /** trusted instead of the public authorities, for `verify` */
  readonly caPem?: string;
  /** `http://[user:password@]host:port` of a proxy that knows CONNECT */
  readonly proxy?: string;
  /** for the connection, through the proxy, up to the end of the handshake */
  readonly connectTimeoutMs: number;
}

/** Opens the connections to one server, and lets no byte of a request pass before the certificate is the right one. */
export class CmlConnector {
  private expected: string | null;
  /** the last connection could not be opened */
  private doubtful = false;

  /** @param pinned SHA-256 fingerprint, `AB:CD:…` */
  constructor(
    readonly host: string,
    pinned: string | null,
    private readonly options: ConnectorOptions,
    private readonly limits: ConnectionLimits,
    private readonly timers: Timers,
  ) {
    this.expected = options.tls === 'pin' ? pinned : null;
  }

  /** The pinned certificate, or the one first seen; null outside of `pin` and before the first connection. */
  get certificate(): string | null {
    return this.expected;
  }

  /** @throws CmlError */
  connect(): Promise<TLSSocket> {
    return this.limits.open(this.doubtful, () => this.connectNow());
  }

  private async connectNow(): Promise<TLSSocket> {
    const giveUp = new AbortController();
    const callOff = this.timers.after(this.options.connectTimeoutMs, () => giveUp.abort());
    try {
      const socket = await this.open(giveUp.signal);
      const secured = await this.secure(socket, giveUp.signal);
      this.doubtful = false;
      return secured;
    } catch (error) {
      this.doubtful = true;
      throw giveUp.signal.aborted ? timedOut(this.host) : cmlErrorOf(error, this.host);
    } finally {
      callOff();
    }
  }

  private async open(signal: AbortSignal): Promise<Socket> {
    const { port, proxy, accepts } = this.options;
    const { host } = this;
    if (isIP(host) && !accepts(host)) throw blocked();
    if (proxy) return tunnel(new URL(proxy), isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`, signal);
    const socket = connect({ host, port, lookup: checkedLookup(systemResolve, accepts, blocked) });
    return settle(socket, once(socket, 'connect', { signal }));
  }

  /** Without `session`, so that every connection shows a certificate: a resumed one would not. */
  private async secure(socket: Socket, signal: AbortSignal): Promise<TLSSocket> {
    const { tls, caPem } = this.options;
    const secured = connectTls({
      socket,
      host: this.host,
      // TLS knows no server names that are addresses.
      servername: isIP(this.host) ? '' : this.host,
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: tls === 'verify',
      ...(caPem === undefined ? {} : { ca: caPem }),
    });
    secured.setNoDelay(true);
    await settle(secured, once(secured, 'secureConnect', { signal }));
    if (tls !== 'pin') return secured;
    const presented = presentedBy(secured);
    if (presented === null || (this.expected !== null && !sameFingerprint(presented, this.expected))) {
      secured.destroy();
      throw wrongCertificate(this.host, presented);
    }
    this.expected ??= presented;
    return secured;
  }
}

/** The socket once it got so far, or the error, and then the socket is gone. */
async function settle<S extends Socket>(socket: S, ready: Promise<unknown>): Promise<S> {
  try {
    await ready;
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** A connection through an HTTP proxy. @throws CmlError `unreachable` where there is no proxy, or it refuses */
async function tunnel(proxy: URL, authority: string, signal: AbortSignal): Promise<Socket> {
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const asking = request({
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port || 80,
    method: 'CONNECT',
    path: authority,
    agent: false,
    headers: {
      host: authority,
      ...(proxy.username && {
        'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}`,
      }),
    },
  });
  // Destroyed below, it raises one more error when nobody listens any more.
  asking.on('error', () => undefined);
  asking.end();
  try {
    const [answer, socket] = (await once(asking, 'connect', { signal })) as [IncomingMessage, Socket];
    if (answer.statusCode === 200) return socket;
    socket.destroy();
    const said = answer.statusCode === 407 ? 'wants to know who we are' : 'cannot reach it';
    const message = `The proxy ${proxy.host} ${said} (CML server ${authority}: HTTP ${answer.statusCode}).`;
    throw new CmlError('unreachable', message);
  } catch (error) {
    asking.destroy();
    if (error instanceof CmlError) throw error;
    throw new CmlError('unreachable', `The proxy ${proxy.host} cannot be reached.`, null, {
      cause: causeOf(error),
    });
  }
}

/** Where EC2 tells an address that no server of its can have, the account's password would go there. */
function blocked(): BlockedTarget {
  return new BlockedTarget('no address of a server: this machine, link-local, or a group');
}

function presentedBy(socket: TLSSocket): string | null {
  // Empty where the server showed none, whatever the type says.
  const { fingerprint256 } = socket.getPeerCertificate() as { readonly fingerprint256?: string };
  return fingerprint256 ?? null;
}

function sameFingerprint(a: string, b: string): boolean {
  const plain = (fingerprint: string): string => fingerprint.replace(/[^0-9a-f]/gi, '').toUpperCase();
  return plain(a) === plain(b);
}

function wrongCertificate(host: string, presented: string | null): CmlError {
  const message =
    `CML server ${host} shows the certificate ${presented ?? '(none)'}, not the pinned one. ` +
    `If it was installed anew, check the certificate and accept it; else somebody is in between.`;
  return new CmlError('certificate', message, presented);
}
