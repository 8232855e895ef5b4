import * as ipaddr from 'ipaddr.js';

/** Machines that have addresses of these kinds are asked over the network; `reserved` holds those of documentation. */
const OF_MACHINES = ['unicast', 'private', 'uniqueLocal', 'carrierGradeNat', 'reserved'];
/** Whoever asks these gets credentials of the machine that asks: EC2 in IPv6, Azure, Oracle, Alibaba. */
const METADATA = ['fd00:ec2::254', '168.63.129.16', '192.0.0.192', '100.100.100.200'].map((address) =>
  ipaddr.parse(address).toNormalizedString(),
);

/**
 * Whether an address may be a server's in a network of ours: any machine's, private ones included, but this very one
 * (loopback, unspecified), no neighbour's by link-local addresses (metadata of clouds), and no group's.
 */
export function isOtherMachine(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return OF_MACHINES.includes(parsed.range()) && !METADATA.includes(parsed.toNormalizedString());
}
