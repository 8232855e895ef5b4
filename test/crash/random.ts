/** Choices that a seed decides (mulberry32), so that a failure can name its run. */
export class Random {
  constructor(private state: number) {}

  /** from 0 to below 1 */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** both ends included */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.int(0, items.length - 1)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, at: this.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  }

  /** Choices of its own for somebody else, so that who is faster does not change them. */
  fork(): Random {
    return new Random(this.int(0, 2 ** 31));
  }
}

/** SEED=<number> repeats the choices of an earlier run. */
export function seedOf(environment: Readonly<Record<string, string | undefined>>): number {
  return Number(environment.SEED ?? Math.floor(Math.random() * 1e9));
}
