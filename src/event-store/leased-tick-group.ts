import { type LeasedTick } from './leased-tick';

/** The same tick for each of several places, each with a lease of its own: a slow one never delays another. */
export class LeasedTickGroup {
  constructor(readonly ticks: readonly LeasedTick[]) {}

  /** All of them by hand, side by side. Never rejects. */
  async run(): Promise<void> {
    await Promise.all(this.ticks.map((tick) => tick.run()));
  }

  every(intervalMs: number): void {
    for (const tick of this.ticks) tick.every(intervalMs);
  }

  /** No turn begins any more; resolves when those under way have ended. */
  async stop(): Promise<void> {
    await Promise.all(this.ticks.map((tick) => tick.stop()));
  }
}
