import { calendarOf } from '../../../src/policies/application/calendar/calendar-of';
import { type Calendar } from '../../../src/reaper/domain/policy/calendar';
import {
  type CalendarRules,
  type CalendarWindow,
  NO_CALENDAR_RULES,
  type ScheduledTime,
  WEEKDAYS,
} from '../../../src/reaper/domain/policy/calendar-rules';
import { Dice } from '../world/dice';

/** Zones whose clocks are set on different days and by different steps, on both halves of the Earth, and one without. */
export const ZONES = [
  'Europe/Zurich',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Australia/Sydney',
  'Pacific/Auckland',
  'Atlantic/Azores',
] as const;

const POOL = 48;
const HALF_HOURS = 48;

/** A calendar costs more to work out than a whole run: runs take theirs from a pool, which stays the same. */
const pool: readonly CalendarRules[] = Array.from({ length: POOL }, (_, index) =>
  randomRules(new Dice(index + 1)),
);
const known = new Map<CalendarRules, Calendar>();

export function randomCalendar(dice: Dice): CalendarRules {
  return dice.pick(pool);
}

/** The same for the same rules. */
export function knownCalendar(rules: CalendarRules): Calendar {
  const found = known.get(rules) ?? calendarOf(rules);
  known.set(rules, found);
  return found;
}

function randomRules(dice: Dice): CalendarRules {
  const some = <T>(share: number, make: () => T): T[] => (dice.chance(share) ? [make()] : []);
  return {
    ...NO_CALENDAR_RULES,
    timeZone: dice.pick(ZONES),
    never: some(0.5, () => randomWindow(dice, 'never', 600)),
    quiet: some(0.3, () => randomWindow(dice, 'quiet', 480)),
    maintenance: dice.chance(0.25)
      ? {
          windows: [randomWindow(dice, 'maintenance', 900)],
          stops: dice.pick(['never-inside', 'only-inside'] as const),
        }
      : null,
    starts: some(0.3, () => randomTime(dice, 'start')),
    stops: some(0.5, () => randomTime(dice, 'stop')),
  };
}

function randomWindow(dice: Dice, name: string, most: number): CalendarWindow {
  const days = WEEKDAYS.filter(() => dice.chance(0.8));
  const lengthMinutes = dice.whole(30, most);
  return {
    name,
    start: localTime(dice),
    lengthMinutes,
    onHolidays: 'as-usual',
    days: days.length > 0 ? days : WEEKDAYS,
  };
}

function randomTime(dice: Dice, name: string): ScheduledTime {
  return { name, at: localTime(dice), onHolidays: 'as-usual', days: WEEKDAYS };
}

/** Also at the hours at which clocks are set. */
function localTime(dice: Dice): string {
  const half = dice.chance(0.3) ? dice.whole(0, 7) : dice.whole(0, HALF_HOURS - 1);
  return `${String(Math.floor(half / 2)).padStart(2, '0')}:${half % 2 === 0 ? '00' : '30'}`;
}
