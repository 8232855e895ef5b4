import { type CalendarRules, type CalendarWindow, NO_CALENDAR_RULES, type ScheduledTime } from '../../reaper';

/** Rules that have only what is given. */
export function rulesWith(given: Partial<CalendarRules> = {}): CalendarRules {
  return { ...NO_CALENDAR_RULES, ...given };
}

const EVERY_DAY: CalendarWindow['days'] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** A window every day, or on what is given; `18:00` for so many minutes. */
export function window(
  start: string,
  lengthMinutes: number,
  { name = 'window', ...given }: Partial<CalendarWindow> = {},
): CalendarWindow {
  const days = given.dates ? {} : { days: EVERY_DAY };
  return { name, start, lengthMinutes, onHolidays: 'as-usual', ...days, ...given };
}

/** A time every day, or on what is given. */
export function time(at: string, { name = 'time', ...given }: Partial<ScheduledTime> = {}): ScheduledTime {
  const days = given.dates ? {} : { days: EVERY_DAY };
  return { name, at, onHolidays: 'as-usual', ...days, ...given };
}
