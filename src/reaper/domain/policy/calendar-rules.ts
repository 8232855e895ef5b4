export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** What holds on a holiday: nothing of it, as on any other day, or only then. */
export const HOLIDAY_RULES = ['as-usual', 'skip', 'only'] as const;

/** On which local dates something begins: each of these weekdays, or these dates (`2027-12-24`). */
interface CalendarDays {
  readonly days?: readonly Weekday[];
  readonly dates?: readonly string[];
  readonly onHolidays: (typeof HOLIDAY_RULES)[number];
}

/** A time that begins at a local time and lasts for so long, whatever the clocks are set to meanwhile. */
export interface CalendarWindow extends CalendarDays {
  readonly name: string;
  /** local time, `18:00` */
  readonly start: string;
  /** elapsed time */
  readonly lengthMinutes: number;
}

/** Something that is done at a local time. */
export interface ScheduledTime extends CalendarDays {
  readonly name: string;
  /** local time, `07:30` */
  readonly at: string;
}

/**
 * When a policy lets the reaper act. Local times are those of the zone: one that does not exist on a day, since the clocks
 * are set forward over it, is the first instant after; one that comes twice is the first of the two, once.
 */
export interface CalendarRules {
  /** IANA name, `Europe/Zurich` */
  readonly timeZone: string;
  /** local dates, `2027-12-25` */
  readonly holidays: readonly string[];
  /** no automatic stop inside */
  readonly never: readonly CalendarWindow[];
  /** nobody is told anything inside, so that no stop is announced; one that was announced before goes on */
  readonly quiet: readonly CalendarWindow[];
  /** people work on the workers: nothing is stopped by itself inside, or only inside */
  readonly maintenance: {
    readonly windows: readonly CalendarWindow[];
    readonly stops: 'never-inside' | 'only-inside';
  } | null;
  /** it is started at these times */
  readonly starts: readonly ScheduledTime[];
  /** from these times on it is stopped as soon as it is not in use */
  readonly stops: readonly ScheduledTime[];
}

export const NO_CALENDAR_RULES: CalendarRules = {
  timeZone: 'UTC',
  holidays: [],
  never: [],
  quiet: [],
  maintenance: null,
  starts: [],
  stops: [],
};
