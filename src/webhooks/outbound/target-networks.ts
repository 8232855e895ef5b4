import * as ipaddr from 'ipaddr.js';
import { type AddressPolicy } from '../../outbound';
import { TargetPolicy } from '../domain/ports';

/** `public`: anybody may be reached there; `allowed`: an address inside, which the settings allow. */
export type TargetKind = 'public' | 'allowed';

/** Azure's WireServer hands out credentials at an address that looks public. */
const METADATA = ['168.63.129.16'];
/** What IANA gives out to the public Internet; the rest of IPv6 is not routed. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Which addresses webhooks may lead to. Without more, only those of the public Internet: whoever may create webhooks
 * must not reach through us what only we can reach.
 */
export class TargetNetworks extends TargetPolicy implements AddressPolicy {
  readonly refusal =
    'it leads to no address that may be reached: public ones by https, others by FLEET_WEBHOOK_ALLOWED_NETWORKS';
  private readonly allowed: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];

  /** @param allowed networks that are not public, in CIDR notation */
  constructor(allowed: readonly string[]) {
    super();
    this.allowed = allowed.map((network) => ipaddr.parseCIDR(network));
  }

  /** Null: it must not be reached. An IPv4 address in IPv6 notation counts as what it is. */
  kindOf(address: string): TargetKind | null {
    if (!ipaddr.isValid(address)) return null;
    const parsed = ipaddr.process(address);
    const isInside = this.allowed.some(
      ([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits),
    );
    if (isInside) return 'allowed';
    if (parsed.range() !== 'unicast' || METADATA.includes(parsed.toString())) return null;
    return parsed instanceof ipaddr.IPv6 && !parsed.match(GLOBAL_UNICAST) ? null : 'public';
  }

  /** Plain http leads to allowed networks only. */
  accepts(address: string, plain: boolean): boolean {
    const kind = this.kindOf(address);
    return plain ? kind === 'allowed' : kind !== null;
  }

  faultOf(text: string): string | null {
    if (!URL.canParse(text)) return 'must be a URL like https://example.com/hook';
    const { protocol, hostname, username, password, hash } = new URL(text);
    if (protocol !== 'https:' && protocol !== 'http:') return 'must begin with https://';
    if (username || password) return 'must hold no user name and password: the signature tells who sent it';
    if (hash) return 'must have no fragment: it would not be sent';
    const addresses = literalsOf(hostname);
    const kinds = addresses.map((address) => this.kindOf(address));
    if (addresses.length > 0 && kinds.every((kind) => kind === null)) {
      return 'must not lead to an address that is not public, unless FLEET_WEBHOOK_ALLOWED_NETWORKS allows it';
    }
    if (protocol === 'https:') return null;
    const mayBeInside = addresses.length > 0 ? kinds.includes('allowed') : this.allowed.length > 0;
    return mayBeInside
      ? null
      : 'must begin with https://: plain http is for FLEET_WEBHOOK_ALLOWED_NETWORKS only';
  }
}

/** The addresses that a host stands for without asking anybody; none for an ordinary name. */
function literalsOf(hostname: string): string[] {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return ['127.0.0.1', '::1'];
  return ipaddr.isValid(host) ? [host] : [];
}
