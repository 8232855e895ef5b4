import { type LeasedTick } from './leased-tick';
import { each, type Schedule } from './schedule';

/** The same tick for each of several places, each with a lease of its own: a slow one never delays another. */
export class LeasedTickGroup {
  constructor(readonly ticks: readonly LeasedTick[]) {}

  /** All of them by hand, side by side. Never rejects. */
  async run(): Promise<void> {
    await Promise.all(this.ticks.map((tick) => tick.run()));
  }

  every(intervalMs: number): void {
    this.follow(each(intervalMs));
  }

  follow(schedule: Schedule): void {
    for (const tick of this.ticks) tick.follow(schedule);
  }

  /** No turn begins any more; resolves when those under way have ended. */
  async stop(): Promise<void> {
    await Promise.all(this.ticks.map((tick) => tick.stop()));
  }
}
