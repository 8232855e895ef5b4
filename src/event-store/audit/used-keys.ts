import { type SealKey } from '../ring-hmac';

/** More names than any ring has: invented ones must not fill the memory. */
const MOST_NAMES = 50;

/** Which keys of the ring the seals were made with. */
export class UsedKeys {
  private readonly counted = new Map<string, number>();
  private readonly ring: ReadonlySet<string>;

  constructor(ring: readonly SealKey[]) {
    this.ring = new Set(ring.map(({ kid }) => kid));
  }

  /** Counts a seal; false when the ring does not hold its key. */
  knows(seal: string): boolean {
    const kid = kidOf(seal);
    if (this.counted.has(kid) || this.counted.size < MOST_NAMES) {
      this.counted.set(kid, (this.counted.get(kid) ?? 0) + 1);
    }
    return this.ring.has(kid);
  }

  /** Seals by the name of their key. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counted);
  }

  get missing(): string[] {
    return [...this.counted.keys()].filter((kid) => !this.ring.has(kid));
  }
}

/** `<kid>:<base64url>` */
export function kidOf(seal: string): string {
  return seal.slice(0, Math.max(0, seal.lastIndexOf(':')));
}
