import { WEEKDAYS } from '../../../reaper';

/** What a day of the calendar is counted by: days since 1970-01-01, of a date that belongs to no zone. */
export type LocalDay = number;

export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** `2027-12-24`; null for what is no date of the calendar, like 2027-02-30. */
export function localDayOf(date: string): LocalDay | null {
  if (!DATE.test(date)) return null;
  const ms = Date.parse(`${date}T00:00:00.000Z`);
  const exists = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date);
  return exists ? ms / DAY_MS : null;
}

/** Milliseconds since midnight, as the clock on the wall counts them, of `18:00`; null for what is no such time. */
export function timeOfDayMs(time: string): number | null {
  const match = TIME.exec(time);
  return match ? (Number(match[1]) * 60 + Number(match[2])) * MINUTE_MS : null;
}

export function weekdayOf(day: LocalDay): (typeof WEEKDAYS)[number] {
  // 1970-01-01 was a Thursday
  return WEEKDAYS[(((day + 3) % 7) + 7) % 7]!;
}
