import { CronTime } from 'cron';
import { HOUR, MINUTE } from '../../../kernel/clocks';

/** The times at which the reaper takes its turns. Milliseconds since 1970. */
export interface TickGrid {
  /** the first turn at that time or after it */
  atOrAfter(time: number): number;
}

const EACH_MINUTE = '* * * * *';
const DAY = 24 * HOUR;

/** Turns by a cron expression with five or six fields, in UTC. */
export function tickGrid(cron: string): TickGrid {
  return cron === EACH_MINUTE
    ? { atOrAfter: (time) => Math.ceil(time / MINUTE) * MINUTE }
    : new CronGrid(cron);
}

/** Turns are worked out day by day, once: many workers are replayed over the same days. */
class CronGrid implements TickGrid {
  private readonly days = new Map<number, readonly number[]>();
  private readonly cron: CronTime;

  constructor(expression: string) {
    this.cron = new CronTime(expression, 'utc');
  }

  atOrAfter(time: number): number {
    for (let day = Math.floor(time / DAY); ; day += 1) {
      const turns = this.turnsOf(day);
      const found = turns[firstFrom(turns, time)];
      if (found !== undefined) return found;
      if (turns.length === 0) return this.next(time - 1);
    }
  }

  private turnsOf(day: number): readonly number[] {
    const known = this.days.get(day);
    if (known) return known;
    const turns: number[] = [];
    const end = (day + 1) * DAY;
    for (let at = this.next(day * DAY - 1); at < end; at = this.next(at)) turns.push(at);
    this.days.set(day, turns);
    return turns;
  }

  private next(after: number): number {
    return this.cron.getNextDateFrom(new Date(after), 'utc').toMillis();
  }
}

/** Index of the first value at or above `least` in a sorted list; its length where there is none. */
function firstFrom(sorted: readonly number[], least: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
