import { type CalendarRules, WEEKDAYS } from '../../../reaper';
import { rulesWith, time, window } from '../../testing/calendar.builder';
import { changesOf, differentZones, FROM, randomOf, TO } from '../../testing/zones';
import { calendarOf } from './calendar-of';
import { DAY_MS } from './local-time';
import { Occurrences } from './occurrences';
import { piecesOf } from './spans';
import { ZoneClock } from './zone-clock';

// a busy machine is slow
jest.setTimeout(60_000);

const MINUTE = 60_000;
const RANGE = { first: FROM / DAY_MS, last: TO / DAY_MS };
/** All, since those that are left out show the same times. */
const ZONES = differentZones();
const DAYS = RANGE.last - RANGE.first + 1;

const CLOCKS = new Map(
  ZONES.map((zone) => [zone, ZoneClock.between(zone, FROM - 3 * DAY_MS, TO + 3 * DAY_MS)]),
);

function occurrencesIn(zone: string): Occurrences {
  return new Occurrences(rulesWith(), CLOCKS.get(zone)!, RANGE);
}

/** A local time that the zone leaves out or repeats on some day, if it does that; any other where it does not. */
function hardTime(zone: string, random: () => number): string {
  const changes = changesOf(zone);
  const change = changes[Math.floor(random() * changes.length)];
  const offset = change ? (random() < 0.5 ? change.before : change.after) : 0;
  const ms = (change?.at ?? FROM) + offset + Math.floor((random() - 0.5) * 120) * MINUTE;
  return new Date(ms).toISOString().slice(11, 16);
}

/** Sets of windows that cover each week by the clock on the wall, without an overlap. */
const COVERS: [string, CalendarRules['never']][] = [
  ['each day from midnight', [window('00:00', 1440)]],
  ['day and night', [window('06:30', 690, { name: 'day' }), window('18:00', 750, { name: 'night' })]],
  ['one window a week', [window('00:00', 10_080, { days: ['mon'] })]],
  [
    'weekdays and the week-end',
    [
      window('02:30', 1440, { name: 'weekday', days: WEEKDAYS.slice(0, 4) }),
      window('02:30', 3 * 1440, { name: 'week-end', days: ['fri'] }),
    ],
  ],
];

describe('the windows of a calendar in all zones in ten years', () => {
  it.each(COVERS)('leave no gap and nothing twice where they cover the week: %s', (_, windows) => {
    for (const zone of ZONES) {
      const open = occurrencesIn(zone).ofWindows(windows);
      const pieces = piecesOf(open);
      // in order, each from where the one before ends: nothing twice, and no gap
      const torn = pieces.find(({ from }, index) => from !== (pieces[index - 1]?.to ?? open[0]?.at));
      const end = Math.max(...open.slice(-9).map((it) => it.end));
      expect([zone, torn, pieces.at(-1)?.to]).toEqual([zone, undefined, end]);
    }
  });

  it('last for their length, whatever the clocks do, and begin once on each date', () => {
    const random = randomOf(7);
    for (const zone of ZONES) {
      const lengthMinutes = 1 + Math.floor(random() * 20 * 60);
      const start = hardTime(zone, random);
      const open = occurrencesIn(zone).ofWindows([window(start, lengthMinutes)]);
      const wrong = open.find(({ at, end }) => end - at !== lengthMinutes * MINUTE);
      expect([zone, start, wrong, open.length]).toEqual([zone, start, undefined, DAYS]);
    }
  });

  it('open once on each date, at the time of that date or right after it was left out', () => {
    const random = randomOf(11);
    for (const zone of ZONES) {
      const at = hardTime(zone, random);
      const times = occurrencesIn(zone).ofTimes([time(at)]);
      expect([zone, at, times.length]).toEqual([zone, at, DAYS]);
      const changes = new Set(changesOf(zone).map((change) => change.at));
      const shown = new Intl.DateTimeFormat('sv-SE', {
        timeZone: zone,
        dateStyle: 'short',
        timeStyle: 'short',
      });
      for (const [index, it] of times.entries()) {
        const previous = times[index - 1];
        if (previous && previous.at >= it.at)
          throw new Error(`${zone}: twice at ${new Date(it.at).toISOString()}`);
        const wanted = new Date((RANGE.first + index) * DAY_MS).toISOString().slice(0, 10);
        // looked at on each 17th day, and wherever the clocks change: a formatter is slow
        const near = changes.has(it.at);
        if (index % 17 !== 0 && !near) continue;
        const local = shown.format(it.at);
        if (!near) expect([zone, local]).toEqual([zone, `${wanted} ${at}`]);
      }
    }
  });
});

describe('the answers of a calendar', () => {
  const RULES = {
    ...{ holidays: ['2026-03-29', '2026-12-25'] },
    never: [window('22:00', 600, { name: 'night', onHolidays: 'skip' })],
    quiet: [window('12:00', 60, { name: 'lunch' })],
    maintenance: {
      windows: [window('01:30', 90, { name: 'patches', days: ['sun'] })],
      stops: 'never-inside',
    },
    starts: [time('07:30', { days: ['mon', 'tue', 'wed', 'thu', 'fri'], onHolidays: 'skip' })],
    stops: [time('18:00'), time('02:30', { name: 'late', days: ['sun'] })],
  } satisfies Partial<CalendarRules>;

  it.each([
    ...new Set(['Europe/Zurich', 'America/Santiago', 'Australia/Lord_Howe', 'Africa/Casablanca', 'UTC']),
  ])('stay what they are from one change to the next, and agree with each other: %s', (timeZone) => {
    const calendar = calendarOf(rulesWith({ ...RULES, timeZone }));
    const random = randomOf(3);
    const answers = (at: Date) => ({
      hold: calendar.holdAt(at),
      quiet: calendar.quietAt(at),
      stop: calendar.scheduledStopAt(at),
      nextStop: calendar.nextScheduledStop(at),
    });
    let time = new Date('2026-02-10T00:00:00Z');
    let steps = 0;
    for (; time < new Date('2026-11-10T00:00:00Z'); steps += 1) {
      const next = calendar.nextChange(time)!;
      const width = next.getTime() - time.getTime();
      const between = new Date(time.getTime() + Math.floor(random() * width));
      expect([between, answers(between)]).toEqual([between, answers(time)]);
      expect(answers(new Date(next.getTime() - 1))).toEqual(answers(time));
      const allowed = calendar.nextAllowed(between)!;
      expect(calendar.holdAt(allowed)).toBeNull();
      const hold = calendar.holdAt(between);
      expect(allowed >= (hold?.until ?? between)).toBe(true);
      if (hold === null) expect(allowed).toEqual(between);
      time = next;
    }
    expect(steps).toBeGreaterThan(1000);
  });
});
