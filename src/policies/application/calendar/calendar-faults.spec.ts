import { type CalendarRules } from '../../../reaper';
import { rulesWith, time, window } from '../../testing/calendar.builder';
import { calendarFaults, isZone } from './calendar-faults';
import { calendarOf } from './calendar-of';

describe('the rules of a calendar', () => {
  it('may have windows that overlap, and the same name for a window and a time', () => {
    const never = [window('08:00', 600, { name: 'a' }), window('09:00', 10_080, { name: 'b' })];
    const faults = calendarFaults(
      rulesWith({
        ...{ timeZone: 'US/Eastern', holidays: ['2028-02-29'], never, stops: [time('23:59', { name: 'a' })] },
        quiet: [{ name: 'feast', start: '00:00', lengthMinutes: 1440, onHolidays: 'only' }],
      }),
    );
    expect(faults).toEqual([]);
  });

  it.each<[string, Partial<CalendarRules>]>([
    ['/timeZone', { timeZone: 'Europe/Atlantis' }],
    ['/timeZone', { timeZone: '+02:00' }],
    ['/holidays/1', { holidays: ['2027-12-25', '2027-02-29'] }],
    ['/never/0/start', { never: [window('24:00', 60)] }],
    ['/never/0/start', { never: [window('8:00', 60)] }],
    ['/never/0/lengthMinutes', { never: [window('08:00', 0)] }],
    ['/never/0/lengthMinutes', { never: [window('08:00', 10_081)] }],
    ['/never/0/lengthMinutes', { never: [window('08:00', 1.5)] }],
    ['/never/1/name', { never: [window('08:00', 60), window('09:00', 60)] }],
    ['/never/0/name', { never: [window('08:00', 60, { name: ' ' })] }],
    ['/quiet/0/days', { quiet: [window('08:00', 60, { days: [] })] }],
    ['/quiet/0/dates', { quiet: [window('08:00', 60, { dates: [] })] }],
    ['/quiet/0/dates/0', { quiet: [window('08:00', 60, { dates: ['2027-04-31'] })] }],
    ['/quiet/0/dates', { quiet: [window('08:00', 60, { days: ['mon'], dates: ['2027-04-30'] })] }],
    ['/quiet/0/days', { quiet: [{ name: 'a', start: '08:00', lengthMinutes: 1, onHolidays: 'skip' }] }],
    ['/maintenance/windows', { maintenance: { windows: [], stops: 'only-inside' } }],
    ['/maintenance/windows/0/start', { maintenance: { windows: [window('x', 1)], stops: 'only-inside' } }],
    ['/starts/0/at', { starts: [time('07:60')] }],
    ['/stops/0/onHolidays', { stops: [time('07:30', { onHolidays: 'only' })] }],
  ])('are refused at %s: %j', (pointer, given) => {
    const rules = rulesWith(given);
    expect(calendarFaults(rules).map((fault) => fault.pointer)).toEqual([pointer]);
    expect(() => calendarOf(rules)).toThrow(pointer);
  });

  it('know all zones by their names', () => {
    expect(Intl.supportedValuesOf('timeZone').filter((zone) => !isZone(zone))).toEqual([]);
  });
});
