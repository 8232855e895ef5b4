import { CronTime } from 'cron';
import { HOUR, MINUTE, SECOND } from '../../../kernel/clocks';

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

/**
 * Each day that has turns has them at the same times, which are all hours with all minutes with all seconds that the
 * expression allows: these are asked for once, since asking is slow, and of each day only whether it has any.
 */
class CronGrid implements TickGrid {
  private readonly days = new Map<number, boolean>();
  private times: readonly number[] | null = null;
  private readonly cron: CronTime;

  constructor(expression: string) {
    this.cron = new CronTime(expression, 'utc');
  }

  atOrAfter(time: number): number {
    for (let day = Math.floor(time / DAY); ; day += 1) {
      const begin = day * DAY;
      if (!this.hasTurns(begin)) return this.next(Math.max(time, begin) - 1);
      this.times ??= this.timesOf(begin);
      const found = this.times[firstFrom(this.times, time - begin)];
      if (found !== undefined) return begin + found;
    }
  }

  private hasTurns(begin: number): boolean {
    const known = this.days.get(begin);
    if (known !== undefined) return known;
    const has = this.next(begin - 1) < begin + DAY;
    this.days.set(begin, has);
    return has;
  }

  /** Milliseconds after the beginning of that day, which has turns. */
  private timesOf(begin: number): readonly number[] {
    const hours = this.partsOf(begin, DAY, HOUR);
    const minutes = this.partsOf(begin + (hours[0] ?? 0), HOUR, MINUTE);
    const seconds = this.partsOf(begin + (hours[0] ?? 0) + (minutes[0] ?? 0), MINUTE, SECOND);
    return hours.flatMap((hour) =>
      minutes.flatMap((minute) => seconds.map((second) => hour + minute + second)),
    );
  }

  /** The parts of a time that turns are in, by their distance from its beginning. */
  private partsOf(begin: number, length: number, part: number): readonly number[] {
    const parts: number[] = [];
    for (let turn = this.next(begin - 1); turn < begin + length;) {
      const place = Math.floor((turn - begin) / part) * part;
      parts.push(place);
      turn = this.next(begin + place + part - 1);
    }
    return parts;
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
