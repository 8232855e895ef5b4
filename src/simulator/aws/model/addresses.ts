const BLOCK = 256;
const PUBLIC_ADDRESSES = 2 * BLOCK * BLOCK;

/** Public IPv4 addresses, never the same twice in a row: 198.18.0.0/15, which RFC 2544 keeps out of the Internet. */
export class PublicAddresses {
  private used = 0;

  next(): string {
    this.used = (this.used % (PUBLIC_ADDRESSES - 1)) + 1;
    return `198.${18 + Math.floor(this.used / BLOCK / BLOCK)}.${Math.floor(this.used / BLOCK) % BLOCK}.${this.used % BLOCK}`;
  }
}

/** Who has had which address, for those who want to reach it. */
export class AddressBook<T> {
  private readonly holders = new Map<string, T[]>();

  note(address: string, holder: T): void {
    const known = this.holders.get(address);
    if (known) known.push(holder);
    else this.holders.set(address, [holder]);
  }

  /** All that ever had it. */
  of(address: string): readonly T[] {
    return this.holders.get(address) ?? [];
  }
}

/** Private IPv4 addresses of one region: 10.<region>.0.0/16 from .0.4 on, as AWS keeps the first four. */
export class PrivateAddresses {
  private used = 3;

  constructor(private readonly regionIndex: number) {}

  next(): string {
    this.used += 1;
    return `10.${this.regionIndex}.${Math.floor(this.used / BLOCK) % BLOCK}.${this.used % BLOCK}`;
  }
}
