import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { BlockedTarget, checkedLookup, type Resolve, systemResolve } from './checked-lookup';

/** Which addresses may be connected to. */
export interface AddressPolicy {
  /** @param plain by plain http, which others can read and change on its way */
  accepts(address: string, plain: boolean): boolean;
  /** Said instead of the address: what a name of the inside resolves to is not everybody's to know. */
  readonly refusal: string;
}

export interface GuardedConnectorOptions {
  readonly policy: AddressPolicy;
  readonly resolve?: Resolve;
  /** for name, connection and handshake, machine milliseconds */
  readonly timeoutMs: number;
  /** trusted instead of the public authorities */
  readonly ca?: string;
}

/**
 * Opens connections of an undici agent to acceptable addresses only. A name is resolved once, and the addresses that
 * were checked are the very ones that are connected to, so that a second answer of a name server (DNS rebinding) changes
 * nothing.
 */
export function guardedConnector(options: GuardedConnectorOptions): buildConnector.connector {
  const { policy, resolve = systemResolve, timeoutMs: timeout, ca } = options;
  const blocked = () => new BlockedTarget(policy.refusal);
  const guard = (plain: boolean) => {
    const accepts = (address: string | undefined) => address !== undefined && policy.accepts(address, plain);
    const connect = buildConnector({ timeout, ca, lookup: checkedLookup(resolve, accepts, blocked) });
    return { accepts, connect };
  };
  const guards = { 'https:': guard(false), 'http:': guard(true) };

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
