import { type FleetClock, HOUR, type MachineClock, plus } from '../../kernel/clocks';
import { type Timers } from '../../kernel/timers';
import { type Tracer } from '../../kernel/tracing';
import { type CmlServer } from '../../telemetry';
import { type CmlAccounts } from './cml-accounts';
import { CmlConnector, type ConnectorOptions } from './cml-connector';
import { cmlErrorOf } from './cml-errors';
import { CmlPool } from './cml-pool';
import { CmlRequests, type CmlTimeouts } from './cml-request';
import { CmlSession } from './cml-session';
import { type ConnectionLimits } from './connection-limits';

/** A link that was not used for so long belongs to a server that is gone. */
const UNUSED_FOR_MS = HOUR;

/** What all links are made with. */
export interface CmlLinkParts {
  readonly options: ConnectorOptions;
  readonly timeouts: CmlTimeouts;
  readonly limits: ConnectionLimits;
  readonly accounts: CmlAccounts;
  /** measures tokens and pauses */
  readonly machine: MachineClock;
  /** tells our own traces from a person's, in the times that servers write */
  readonly fleet: FleetClock;
  readonly timers: Timers;
  /** left out: nobody traces */
  readonly tracer?: Tracer;
}

/** Connections to one server at one address with one certificate, and the session of one account on it. */
export class CmlLink {
  readonly requests: CmlRequests;
  readonly session: CmlSession;
  readonly pool: CmlPool;
  private readonly connector: CmlConnector;
  private pinned: string | null;

  constructor(
    private readonly server: CmlServer,
    parts: CmlLinkParts,
    public usedAt: Date,
  ) {
    const { options, timeouts, limits, accounts, machine, fleet, timers, tracer } = parts;
    const { host, pinnedCertificate } = server;
    this.pinned = pinnedCertificate;
    this.connector = new CmlConnector(host, pinnedCertificate, options, limits, timers);
    this.pool = new CmlPool(this.connector, options.port, limits);
    this.requests = new CmlRequests(this.pool, host, timeouts, timers, tracer);
    this.session = new CmlSession(this.requests, accounts.of(server), machine, fleet);
  }

  get certificate(): string | null {
    return this.connector.certificate;
  }

  /**
   * Whether it leads to that server as that account. One that was made without a pin goes on when its own certificate
   * gets pinned, also for those who have not heard of that yet.
   */
  fits({ host, pinnedCertificate, credentials }: CmlServer): boolean {
    if (host !== this.server.host || !isSameAccount(credentials, this.server.credentials)) return false;
    if (this.pinned === null && pinnedCertificate === this.certificate) this.pinned = pinnedCertificate;
    return pinnedCertificate === this.pinned || pinnedCertificate === this.server.pinnedCertificate;
  }
}

/** The links in use, one per worker. A token never goes to another host, nor to another certificate. */
export class CmlLinks {
  private readonly links = new Map<string, CmlLink>();
  /** replaced ones whose last requests are not answered yet */
  private readonly leaving = new Set<CmlLink>();

  constructor(private readonly parts: CmlLinkParts) {}

  /** Does something over the server's link. @throws CmlError and nothing else, if `work` keeps to requests */
  async use<T>(server: CmlServer, work: (link: CmlLink) => Promise<T>): Promise<T> {
    try {
      return await work(this.to(server));
    } catch (error) {
      throw cmlErrorOf(error, server.host);
    }
  }

  /** As `use`, for what takes many requests: they are given up together, when one fails or the time is over. */
  async useFor<T>(
    ms: number,
    server: CmlServer,
    work: (link: CmlLink, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const over = new AbortController();
    const callOff = this.parts.timers.after(ms, () => over.abort());
    try {
      return await this.use(server, (link) => work(link, over.signal));
    } finally {
      callOff();
      over.abort();
    }
  }

  /** Cuts all connections; requests under way fail as unreachable. */
  async close(): Promise<void> {
    const open = [...this.links.values(), ...this.leaving];
    this.links.clear();
    await Promise.all(open.map(({ pool }) => pool.destroy()));
  }

  private to(server: CmlServer): CmlLink {
    const now = this.parts.machine.now();
    const known = this.links.get(server.workerId);
    if (known?.fits(server)) {
      known.usedAt = now;
      return known;
    }
    if (known) this.drop(server.workerId, known);
    for (const [workerId, link] of this.links) {
      if (plus(link.usedAt, UNUSED_FOR_MS) <= now) this.drop(workerId, link);
    }
    const link = new CmlLink(server, this.parts, now);
    this.links.set(server.workerId, link);
    return link;
  }

  private drop(workerId: string, link: CmlLink): void {
    this.links.delete(workerId);
    this.leaving.add(link);
    const left = (): boolean => this.leaving.delete(link);
    link.pool.close().then(left, left);
  }
}

function isSameAccount(one: CmlServer['credentials'], other: CmlServer['credentials']): boolean {
  return one?.username === other?.username && one?.passwordRef === other?.passwordRef;
}
