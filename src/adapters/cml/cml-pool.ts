import { isIPv6 } from 'node:net';
import { type buildConnector, type Dispatcher, Pool } from 'undici';
import { type CmlConnector } from './cml-connector';
import { type ConnectionLimits } from './connection-limits';

/** Longer than the 60 s from one observation to the next, shorter than the 75 s after which nginx closes by default. */
const KEPT_MS = 70_000;
/** What a reading of many labs needs beside the kept connection; opened one by one as needed, they end with the reading. */
const MORE_CONNECTIONS = 4;
const MORE_MS = 4_000;

export interface Picked {
  readonly dispatcher: Dispatcher;
  /** whether it goes on a connection that was open already, and may have been closed at the other end by now */
  readonly reused: boolean;
}

/** The connections to one server: one that is kept between observations, and a few more while there is much to ask. */
export class CmlPool {
  private readonly kept: Pool | null;
  private readonly more: Pool;

  constructor(
    connector: CmlConnector,
    port: number,
    private readonly limits: ConnectionLimits,
  ) {
    const { host } = connector;
    const origin = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
    const pool = (connections: number, keepAliveTimeout: number): Pool =>
      new Pool(origin, { connect: (_, done) => connectBy(connector, done), connections, keepAliveTimeout });
    this.kept = limits.keep() ? pool(1, KEPT_MS) : null;
    this.more = pool(MORE_CONNECTIONS, MORE_MS);
  }

  /** Where the next request goes: to the kept connection, unless that is at work. */
  pick(): Picked {
    const pool = this.kept?.stats.size === 0 ? this.kept : this.more;
    const { connected, running } = pool.stats;
    return { dispatcher: pool, reused: connected > running };
  }

  /** Takes nothing new, and closes when what is under way is answered. */
  async close(): Promise<void> {
    await this.leave((pool) => pool.close());
  }

  /** Cuts all connections; requests under way fail. */
  async destroy(): Promise<void> {
    await this.leave((pool) => pool.destroy());
  }

  private async leave(end: (pool: Pool) => Promise<void>): Promise<void> {
    const pools = this.kept ? [this.kept, this.more] : [this.more];
    try {
      await Promise.all(pools.map(end));
    } finally {
      if (this.kept) this.limits.unkeep();
    }
  }
}

function connectBy(connector: CmlConnector, done: buildConnector.Callback): void {
  connector.connect().then(
    (socket) => done(null, socket),
    (error: Error) => done(error, null),
  );
}
