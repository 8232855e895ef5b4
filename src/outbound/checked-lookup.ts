import { lookup } from 'node:dns/promises';
import { type LookupFunction } from 'node:net';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Every address of a name. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true });

/** A connection was not made, or not used, because of where it would lead. */
export class BlockedTarget extends Error {}

/** Resolves a name once, and answers what of it is acceptable: these very addresses are connected to. */
export function checkedLookup(
  resolve: Resolve,
  accepts: (address: string) => boolean,
  blocked: () => BlockedTarget,
): LookupFunction {
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
