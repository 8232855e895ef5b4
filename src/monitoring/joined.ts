/**
 * A reading that several ask for at the same moment, made once for all of them; and not again before it is so old, where
 * everybody may ask. A failure is told here, and answered as null: for as long, from when it was known.
 */
export class Joined<T> {
  private current: Promise<T | null> | null = null;
  private latest: { readonly value: T | null; readonly at: number } | null = null;

  constructor(
    private readonly what: string,
    private readonly read: () => Promise<T>,
    /** machine milliseconds */
    private readonly now: () => number,
    private readonly warn: (err: unknown, message: string) => void,
  ) {}

  /** @param maxAgeMs 0: it is read now, or with those who ask at this moment */
  get(maxAgeMs = 0): Promise<T | null> {
    const age = this.latest && this.now() - this.latest.at;
    // less than nothing after the clock was set back: nobody knows how old it is
    if (this.latest && age !== null && age >= 0 && age < maxAgeMs) return Promise.resolve(this.latest.value);
    this.current ??= this.readNow().finally(() => (this.current = null));
    return this.current;
  }

  private async readNow(): Promise<T | null> {
    const at = this.now();
    try {
      const value = await this.read();
      this.latest = { value, at };
      return value;
    } catch (err) {
      this.warn(err, `${this.what} could not be read for metrics or health checks`);
      this.latest = { value: null, at: this.now() };
      return null;
    }
  }
}
