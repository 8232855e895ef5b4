import { MINUTE, SECOND } from '../../../kernel/clocks';

/** How often something happened within the last minute, to the second. */
export class MinuteCount {
  private readonly seconds = new Map<number, number>();

  add(now: Date, count = 1): void {
    this.forget(now);
    const second = secondOf(now);
    this.seconds.set(second, (this.seconds.get(second) ?? 0) + count);
  }

  total(now: Date): number {
    this.forget(now);
    return [...this.seconds.values()].reduce((sum, count) => sum + count, 0);
  }

  private forget(now: Date): void {
    const oldest = secondOf(now) - MINUTE / SECOND;
    for (const second of this.seconds.keys()) if (second <= oldest) this.seconds.delete(second);
  }
}

function secondOf(time: Date): number {
  return Math.floor(time.getTime() / SECOND);
}
