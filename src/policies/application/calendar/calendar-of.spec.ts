import { type CalendarRules, OPEN_CALENDAR } from '../../../reaper';
import { rulesWith, time, window } from '../../testing/calendar.builder';
import { calendarOf } from './calendar-of';

const ZURICH = 'Europe/Zurich';
const at = (text: string) => new Date(`${text}Z`);
const zurich = (rules: Partial<CalendarRules>) => calendarOf(rulesWith({ timeZone: ZURICH, ...rules }));

describe('when a calendar lets workers be stopped', () => {
  const weekend = zurich({ never: [window('18:00', 62 * 60, { name: 'week-end', days: ['fri'] })] });

  it('is whenever there is no rule', () => {
    expect(calendarOf(rulesWith())).toBe(OPEN_CALENDAR);
  });

  it('is not in a window of never, whose end is told', () => {
    const hold = { kind: 'never', name: 'week-end', until: at('2027-01-11T07:00') };
    expect(weekend.holdAt(at('2027-01-08T16:59:59.999'))).toBeNull();
    expect(weekend.holdAt(at('2027-01-08T17:00'))).toEqual(hold);
    expect(weekend.holdAt(at('2027-01-11T06:59:59.999'))).toEqual(hold);
    expect(weekend.holdAt(at('2027-01-11T07:00'))).toBeNull();
    expect(weekend.nextAllowed(at('2027-01-10T12:00'))).toEqual(at('2027-01-11T07:00'));
    expect(weekend.nextAllowed(at('2027-01-12T12:00'))).toEqual(at('2027-01-12T12:00'));
  });

  it('is told the same hours after, on the day on which the clocks are set back', () => {
    expect(weekend.holdAt(at('2027-10-30T12:00'))).toMatchObject({ until: at('2027-11-01T06:00') });
    expect(weekend.holdAt(at('2027-03-27T12:00'))).toMatchObject({ until: at('2027-03-29T07:00') });
  });

  it('is never, where windows cover the week, also when the clocks are set back between two of them', () => {
    const never = zurich({ never: [window('00:00', 1440)] });
    for (const when of ['2026-10-25T22:30', '2026-10-25T23:00', '2026-03-29T22:30']) {
      expect(never.holdAt(at(when))).toEqual({ kind: 'never', name: 'window', until: null });
      expect(never.nextAllowed(at(when))).toBeNull();
    }
  });

  it('names the window that ends last where they overlap, until none is open', () => {
    const calendar = zurich({
      never: [
        window('08:00', 120, { name: 'class', dates: ['2027-01-05'] }),
        window('09:00', 180, { name: 'exam', dates: ['2027-01-05'] }),
        window('12:00', 30, { name: 'tidying up', dates: ['2027-01-05'] }),
      ],
    });
    const until = at('2027-01-05T11:30');
    expect(calendar.holdAt(at('2027-01-05T07:30'))).toEqual({ kind: 'never', name: 'class', until });
    expect(calendar.holdAt(at('2027-01-05T08:30'))).toEqual({ kind: 'never', name: 'exam', until });
    expect(calendar.holdAt(at('2027-01-05T11:15'))).toEqual({ kind: 'never', name: 'tidying up', until });
  });

  it('is not in maintenance, or in maintenance only', () => {
    const windows = [window('02:00', 120, { name: 'patches', days: ['sun'] })];
    const never = zurich({ maintenance: { windows, stops: 'never-inside' } });
    expect(never.holdAt(at('2027-01-10T01:30'))).toMatchObject({ kind: 'maintenance', name: 'patches' });
    expect(never.holdAt(at('2027-01-10T03:00'))).toBeNull();
    const only = zurich({ maintenance: { windows, stops: 'only-inside' } });
    const until = at('2027-01-10T01:00');
    expect(only.holdAt(at('2027-01-05T12:00'))).toEqual({
      kind: 'outside-maintenance',
      name: 'patches',
      until,
    });
    expect(only.holdAt(until)).toBeNull();
    expect(only.nextAllowed(at('2027-01-05T12:00'))).toEqual(until);
  });

  it('is never again when the last maintenance is over', () => {
    const windows = [window('02:00', 120, { name: 'move', dates: ['2027-01-10'] })];
    const only = zurich({ maintenance: { windows, stops: 'only-inside' } });
    const hold = { kind: 'outside-maintenance', name: 'move', until: null };
    expect(only.holdAt(at('2027-01-11T00:00'))).toEqual(hold);
    expect(only.nextAllowed(at('2027-01-11T00:00'))).toBeNull();
    // so far ahead nobody looks
    expect(only.holdAt(at('2025-11-01T00:00'))).toEqual(hold);
  });

  it('waits for the last of what holds, one after the other', () => {
    const both = zurich({
      never: [window('00:00', 120, { dates: ['2027-01-10'] })],
      maintenance: {
        windows: [window('02:00', 120, { name: 'patches', dates: ['2027-01-10'] })],
        stops: 'never-inside',
      },
    });
    expect(both.holdAt(at('2027-01-10T00:00'))?.until).toEqual(at('2027-01-10T01:00'));
    expect(both.nextAllowed(at('2027-01-10T00:00'))).toEqual(at('2027-01-10T03:00'));
  });

  it.each([
    ['as-usual', '2027-01-05T08:30', true],
    ['as-usual', '2027-01-06T08:30', true],
    ['skip', '2027-01-05T08:30', true],
    ['skip', '2027-01-06T08:30', false],
    ['only', '2027-01-05T08:30', false],
    ['only', '2027-01-06T08:30', true],
  ] as const)('%s on holidays: at %s it holds: %s', (onHolidays, when, holds) => {
    const never = [window('08:00', 120, { onHolidays })];
    expect(zurich({ holidays: ['2027-01-06'], never }).holdAt(at(when)) !== null).toBe(holds);
  });
});

describe('the other times of a calendar', () => {
  it('are those in which nobody is told anything', () => {
    const quiet = zurich({ quiet: [window('22:00', 480, { name: 'night' })] });
    expect(quiet.quietAt(at('2027-01-05T21:30'))).toEqual({ name: 'night', until: at('2027-01-06T05:00') });
    expect(quiet.quietAt(at('2027-01-06T05:00'))).toBeNull();
    expect(quiet.holdAt(at('2027-01-05T21:30'))).toBeNull();
  });

  const course = zurich({
    holidays: ['2027-01-06'],
    starts: [time('07:30', { name: 'morning', onHolidays: 'skip' })],
    stops: [time('18:00', { name: 'evening' })],
  });

  it('are those at which workers are to be stopped, until the next start, for a day at most', () => {
    const evening = { name: 'evening', at: at('2027-01-04T17:00') };
    expect(course.nextScheduledStop(at('2027-01-04T16:59'))).toEqual(evening);
    expect(course.nextScheduledStop(evening.at)).toEqual({ ...evening, at: at('2027-01-05T17:00') });
    expect(course.scheduledStopAt(at('2027-01-04T16:59'))).toBeNull();
    expect(course.scheduledStopAt(evening.at)).toEqual({ ...evening, until: at('2027-01-05T06:30') });
    expect(course.scheduledStopAt(at('2027-01-05T06:30'))).toBeNull();
    // nothing starts on the holiday
    expect(course.scheduledStopAt(at('2027-01-06T16:00'))).toMatchObject({ until: at('2027-01-06T17:00') });
  });

  it('are no stops where a start comes at the same time', () => {
    const both = zurich({ starts: [time('07:30')], stops: [time('07:30')] });
    expect(both.scheduledStopAt(at('2027-01-04T06:30'))).toBeNull();
    expect(both.nextScheduledStop(at('2027-01-04T00:00'))).toBeNull();
  });

  it('are those at which workers start, after the one time and up to the other', () => {
    const morning = (day: string) => ({ name: 'morning', at: at(`2027-01-${day}T06:30`) });
    expect(course.startsBetween(morning('04').at, morning('07').at)).toEqual([morning('05'), morning('07')]);
    expect(course.startsBetween(morning('04').at, morning('04').at)).toEqual([]);
    const years = course.startsBetween(at('2027-01-01T00:00'), at('2031-01-01T00:00'));
    expect([years.length, new Set(years.map((it) => it.at.getTime())).size]).toEqual([1460, 1460]);
  });

  it('come once on a day that has the time twice, and right after where it is left out', () => {
    const night = zurich({ starts: [time('02:30')] });
    expect(night.startsBetween(at('2026-10-24T12:00'), at('2026-10-25T12:00'))).toEqual([
      { name: 'time', at: at('2026-10-25T00:30') },
    ]);
    expect(night.startsBetween(at('2026-03-28T12:00'), at('2026-03-29T12:00'))).toEqual([
      { name: 'time', at: at('2026-03-29T01:00') },
    ]);
  });

  it('end the times in which nothing changes', () => {
    expect(course.nextChange(at('2027-01-04T12:00'))).toEqual(at('2027-01-04T17:00'));
    expect(course.nextChange(at('2027-01-04T17:00'))).toEqual(at('2027-01-05T06:30'));
    const over = zurich({ stops: [time('18:00', { dates: ['2027-01-04'] })] });
    expect(over.nextChange(at('2027-01-06T00:00'))).toBeNull();
  });
});
