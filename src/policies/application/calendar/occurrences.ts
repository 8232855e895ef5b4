import { type CalendarRules, type CalendarWindow, type ScheduledTime } from '../../../reaper';
import { DAY_MS, type LocalDay, localDayOf, timeOfDayMs, weekdayOf } from './local-time';
import { indexAfter } from './index-after';
import { type ZoneClock } from './zone-clock';

/** One time that a window is open, or that something is scheduled for; milliseconds of the epoch. */
export interface Occurrence {
  readonly name: string;
  readonly at: number;
  /** the same by the clock on the wall, in milliseconds as if the zone were UTC */
  readonly local: number;
}

export interface OpenTime extends Occurrence {
  readonly end: number;
}

type Days = Pick<CalendarWindow, 'days' | 'dates' | 'onHolidays'>;

/** The local days that are looked at, the last one included. */
export interface DayRange {
  readonly first: LocalDay;
  readonly last: LocalDay;
}

/** When the rules of one calendar come true. */
export class Occurrences {
  private readonly holidays: ReadonlySet<LocalDay | null>;

  constructor(
    rules: Pick<CalendarRules, 'holidays'>,
    private readonly clock: ZoneClock,
    private readonly range: DayRange,
  ) {
    this.holidays = new Set(rules.holidays.map(localDayOf));
  }

  /** In their order in time. */
  ofTimes(times: readonly ScheduledTime[]): Occurrence[] {
    return times.flatMap((time) => this.on(time, time.name, time.at)).sort((a, b) => a.at - b.at);
  }

  /**
   * In their order in time. Each lasts for its length, whatever the clocks do; but windows that touch or overlap by the
   * clock on the wall leave no gap where the clocks are set back between them: the one before lasts until the next begins.
   */
  ofWindows(windows: readonly CalendarWindow[]): OpenTime[] {
    const open = windows.flatMap(({ lengthMinutes, ...window }) =>
      this.on(window, window.name, window.start).map((it) => ({ ...it, lengthMs: lengthMinutes * 60_000 })),
    );
    open.sort((a, b) => a.at - b.at);
    return open.map(({ lengthMs, ...it }) => {
      const end = it.at + lengthMs;
      const after = open[indexAfter(open, end, ({ at }) => at)];
      return { ...it, end: after && after.local <= it.local + lengthMs ? after.at : end };
    });
  }

  private on(rule: Days, name: string, time: string): Occurrence[] {
    const timeOfDay = timeOfDayMs(time) ?? 0;
    return this.days(rule).map((day) => {
      const local = day * DAY_MS + timeOfDay;
      return { name, at: this.clock.instantOf(local), local };
    });
  }

  private days(rule: Days): LocalDay[] {
    const { first, last } = this.range;
    const isWithin = (day: LocalDay | null): day is LocalDay => day !== null && day >= first && day <= last;
    const candidates = rule.dates
      ? [...new Set(rule.dates.map(localDayOf))].filter(isWithin)
      : Array.from({ length: last - first + 1 }, (_, index) => first + index).filter(
          (day) => !rule.days || rule.days.includes(weekdayOf(day)),
        );
    return candidates.filter((day) => {
      if (rule.onHolidays === 'as-usual') return true;
      return this.holidays.has(day) === (rule.onHolidays === 'only');
    });
  }
}
