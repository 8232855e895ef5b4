import { type InputFault } from '../../../kernel/domain-error';
import { type CalendarRules, type CalendarWindow, type ScheduledTime } from '../../../reaper';
import { localDayOf, timeOfDayMs } from './local-time';

const WEEK_MINUTES = 7 * 24 * 60;

/** What is not acceptable of a calendar's rules, by pointers into them. Windows may overlap. */
export function calendarFaults(rules: CalendarRules): InputFault[] {
  const { timeZone, holidays, never, quiet, maintenance, starts, stops } = rules;
  const windows: [string, readonly CalendarWindow[]][] = [
    ['/never', never],
    ['/quiet', quiet],
    ['/maintenance/windows', maintenance?.windows ?? []],
  ];
  const times: [string, readonly ScheduledTime[]][] = [
    ['/starts', starts],
    ['/stops', stops],
  ];
  return [
    ...(isZone(timeZone)
      ? []
      : [fault('/timeZone', 'must be a time zone by its IANA name, like Europe/Zurich')]),
    ...datesFaults('/holidays', holidays),
    ...(maintenance?.windows.length === 0
      ? [fault('/maintenance/windows', 'must name a window; null is no maintenance')]
      : []),
    ...windows.flatMap(([at, list]) => eachOf(at, list, holidays, windowFaults)),
    ...times.flatMap(([at, list]) => eachOf(at, list, holidays, timeFaults)),
  ];
}

/** Whether it is the IANA name of a zone: an offset like +02:00 is none, as it knows no summer time. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function eachOf<T extends CalendarWindow | ScheduledTime>(
  at: string,
  list: readonly T[],
  holidays: readonly string[],
  faultsOf: (at: string, item: T) => InputFault[],
): InputFault[] {
  const names = list.map(({ name }) => name);
  return list.flatMap((item, index) => {
    const place = `${at}/${index}`;
    const twice = names.indexOf(item.name) < index;
    return [
      ...(item.name.trim() === '' ? [fault(`${place}/name`, 'must not be empty')] : []),
      ...(twice ? [fault(`${place}/name`, `is the name of another one: "${item.name}"`)] : []),
      ...daysFaults(place, item, holidays),
      ...faultsOf(place, item),
    ];
  });
}

function windowFaults(at: string, { start, lengthMinutes }: CalendarWindow): InputFault[] {
  const isLength = Number.isInteger(lengthMinutes) && lengthMinutes >= 1 && lengthMinutes <= WEEK_MINUTES;
  return [
    ...localTimeFaults(`${at}/start`, start),
    ...(isLength ? [] : [fault(`${at}/lengthMinutes`, `must be a whole number from 1 to ${WEEK_MINUTES}`)]),
  ];
}

function timeFaults(at: string, { at: time }: ScheduledTime): InputFault[] {
  return localTimeFaults(`${at}/at`, time);
}

function localTimeFaults(at: string, time: string): InputFault[] {
  return timeOfDayMs(time) === null ? [fault(at, 'must be a local time from 00:00 to 23:59')] : [];
}

function daysFaults(
  at: string,
  { days, dates, onHolidays }: Pick<CalendarWindow, 'days' | 'dates' | 'onHolidays'>,
  holidays: readonly string[],
): InputFault[] {
  const faults: InputFault[] = [];
  if (days && dates) faults.push(fault(`${at}/dates`, 'give days or dates, one of them'));
  if (!days && !dates && onHolidays !== 'only') faults.push(fault(`${at}/days`, 'give days or dates'));
  if (days?.length === 0) faults.push(fault(`${at}/days`, 'must name a day'));
  if (dates?.length === 0) faults.push(fault(`${at}/dates`, 'must name a date'));
  if (onHolidays === 'only' && holidays.length === 0) {
    faults.push(fault(`${at}/onHolidays`, 'goes with holidays, and there are none'));
  }
  return [...faults, ...datesFaults(`${at}/dates`, dates ?? [])];
}

function datesFaults(at: string, dates: readonly string[]): InputFault[] {
  return dates.flatMap((date, index) =>
    localDayOf(date) === null
      ? [fault(`${at}/${index}`, 'must be a date of the calendar, like 2027-12-24')]
      : [],
  );
}

function fault(pointer: string, message: string): InputFault {
  return { pointer, message };
}
