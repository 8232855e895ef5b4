import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { type TargetKind, type TargetNetworks } from './target-networks';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Every address of a name. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true });

/** A connection was not made, or not used, because of where it would lead. */
export class BlockedTarget extends Error {}

interface ConnectorOptions {
  readonly networks: TargetNetworks;
  readonly resolve: Resolve;
  /** for name, connection and handshake, machine milliseconds */
  readonly timeoutMs: number;
  /** trusted instead of the public authorities */
  readonly ca?: string;
}

/**
 * Opens connections to acceptable addresses only. A name is resolved once, and the addresses that were checked are the
 * very ones that are connected to, so that a second answer of a name server (DNS rebinding) changes nothing. Plain http
 * leads to allowed networks only.
 */
export function guardedConnector(options: ConnectorOptions): buildConnector.connector {
  const { networks, resolve, timeoutMs: timeout, ca } = options;
  const guard = (accepted: readonly TargetKind[]) => {
    const accepts = (address: string | undefined) => {
      const kind = address === undefined ? null : networks.kindOf(address);
      return kind !== null && accepted.includes(kind);
    };
    const connect = buildConnector({ timeout, ca, lookup: checkedLookup(resolve, accepts) });
    return { accepts, connect };
  };
  const guards = { 'https:': guard(['public', 'allowed']), 'http:': guard(['allowed']) };

  return (target, callback) => {
    const { accepts, connect } = guards[target.protocol === 'https:' ? 'https:' : 'http:'];
    // an address in the URL is never looked up
    const host = target.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) && !accepts(host)) return callback(blocked(), null);
    return connect(target, (...[error, socket]) => {
      if (error) return callback(error, null);
      if (accepts(socket.remoteAddress)) return callback(null, socket);
      socket.destroy();
      return callback(blocked(), null);
    });
  };
}

function checkedLookup(resolve: Resolve, accepts: (address: string) => boolean): LookupFunction {
  return (hostname, { all }, callback) => {
    const answer = (addresses: readonly ResolvedAddress[]) => {
      const acceptable = addresses.filter(({ address }) => accepts(address));
      const [first] = acceptable;
      if (!first) callback(blocked(), '');
      else if (all) callback(null, [...acceptable]);
      else callback(null, first.address, first.family);
    };
    resolve(hostname).then(answer, (error: unknown) => {
      callback(error as NodeJS.ErrnoException, '');
    });
  };
}

/** Without the address: what a name of the inside resolves to is not everybody's to know. */
function blocked(): BlockedTarget {
  return new BlockedTarget(
    'it leads to no address that may be reached: public ones by https, others by FLEET_WEBHOOK_ALLOWED_NETWORKS',
  );
}
