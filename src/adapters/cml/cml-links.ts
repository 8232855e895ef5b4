import { isIPv6 } from 'node:net';
import { type buildConnector, Pool } from 'undici';
import { type FleetClock, HOUR, type MachineClock, plus } from '../../kernel/clocks';
import { type CmlServer } from '../../telemetry';
import { CmlConnector, type ConnectorOptions } from './cml-connector';
import { CmlRequests } from './cml-request';
import { CmlSession, type Credentials } from './cml-session';

/** Requests of one server beyond this many wait for each other. */
const CONNECTIONS = 8;
/** nginx keeps idle connections for longer; a reading is a burst that ends well within this. */
const KEEP_ALIVE_MS = 10_000;
/** A link that was not used for so long belongs to a server that is gone. */
const UNUSED_FOR_MS = HOUR;

export type LinkOptions = ConnectorOptions & Credentials;

/** Connections to one server at one address with one certificate, and our session on it. */
export class CmlLink {
  readonly requests: CmlRequests;
  readonly session: CmlSession;
  readonly pool: Pool;
  private readonly connector: CmlConnector;
  private pinned: string | null;

  constructor(
    server: CmlServer,
    options: LinkOptions,
    machine: MachineClock,
    fleet: FleetClock,
    public usedAt: Date,
  ) {
    const { host, pinnedCertificate } = server;
    this.pinned = pinnedCertificate;
    this.connector = new CmlConnector(host, pinnedCertificate, options);
    this.pool = new Pool(`https://${isIPv6(host) ? `[${host}]` : host}:${options.port}`, {
      connect: (_, done) => connectFor(this.connector, done),
      connections: CONNECTIONS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    });
    this.requests = new CmlRequests(this.pool, host, options.timeoutMs);
    this.session = new CmlSession(this.requests, options, machine, fleet);
  }

  get certificate(): string | null {
    return this.connector.certificate;
  }

  /** Whether it leads to that server. One that was made without a pin goes on when its own certificate gets pinned. */
  fits({ host, pinnedCertificate }: CmlServer): boolean {
    if (host !== this.connector.host) return false;
    if (this.pinned === null && pinnedCertificate === this.certificate) this.pinned = pinnedCertificate;
    return pinnedCertificate === this.pinned;
  }
}

/** The links in use, one per worker. A token never goes to another host, nor to another certificate. */
export class CmlLinks {
  private readonly links = new Map<string, CmlLink>();
  /** replaced ones whose last requests are not answered yet */
  private readonly leaving = new Set<CmlLink>();

  constructor(
    private readonly options: LinkOptions,
    private readonly machine: MachineClock,
    private readonly fleet: FleetClock,
  ) {}

  to(server: CmlServer): CmlLink {
    const now = this.machine.now();
    const known = this.links.get(server.workerId);
    if (known?.fits(server)) {
      known.usedAt = now;
      return known;
    }
    if (known) this.drop(server.workerId, known);
    for (const [workerId, link] of this.links) {
      if (plus(link.usedAt, UNUSED_FOR_MS) <= now) this.drop(workerId, link);
    }
    const link = new CmlLink(server, this.options, this.machine, this.fleet, now);
    this.links.set(server.workerId, link);
    return link;
  }

  /** Cuts all connections; requests under way fail as unreachable. */
  async close(): Promise<void> {
    const open = [...this.links.values(), ...this.leaving];
    this.links.clear();
    await Promise.all(open.map(({ pool }) => pool.destroy()));
  }

  private drop(workerId: string, link: CmlLink): void {
    this.links.delete(workerId);
    this.leaving.add(link);
    const left = (): boolean => this.leaving.delete(link);
    link.pool.close().then(left, left);
  }
}

function connectFor(connector: CmlConnector, done: buildConnector.Callback): void {
  connector.connect().then(
    (socket) => done(null, socket),
    (error: Error) => done(error, null),
  );
}
