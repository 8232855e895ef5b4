import { z } from 'zod';
import { HOLIDAY_RULES, WEEKDAYS } from '../../reaper';

const date = z.string().max(10).describe('A local date, `2027-12-24`');
const localTime = z.string().max(5).describe('A local time, `07:30`');
const name = z.string().trim().min(1).max(100);

/** When something begins. What does not fit together is refused by the calendar itself. */
const days = {
  days: z.array(z.enum(WEEKDAYS)).max(7).optional().describe('Each of these weekdays; or else name dates'),
  dates: z.array(date).max(400).optional().describe('These local dates'),
  onHolidays: z
    .enum(HOLIDAY_RULES)
    .default('as-usual')
    .describe(
      'On holidays: as on other days, not at all, or only then; only then it may do without days and dates',
    ),
};

const windows = z
  .array(
    z.strictObject({
      ...{ name, start: localTime, ...days },
      lengthMinutes: z
        .number()
        .int()
        .min(1)
        .max(7 * 24 * 60)
        .describe('Elapsed time, whatever the clocks are set to meanwhile'),
    }),
  )
  .max(50);

const times = z.array(z.strictObject({ name, at: localTime, ...days })).max(50);

/** As clients give it. */
export const givenCalendar = z
  .strictObject({
    timeZone: z.string().max(64).optional().describe('IANA name; that of the settings where it is left out'),
    holidays: z.array(date).max(400).default([]),
    never: windows.default([]).describe('No automatic stop inside'),
    quiet: windows
      .default([])
      .describe('Nobody is told anything inside, so that no stop is announced; one announced before goes on'),
    maintenance: z
      .strictObject({ windows, stops: z.enum(['never-inside', 'only-inside']) })
      .nullable()
      .default(null)
      .describe('Nothing is stopped by itself inside, or only inside'),
    starts: times.default([]).describe('Workers are started at these times'),
    stops: times
      .default([])
      .describe('From these times on workers are stopped as soon as they are not in use'),
  })
  .meta({
    id: 'IdleCalendar',
    description:
      'A local time that a zone leaves out is the first instant after; one that comes twice is the first of the two. ' +
      'Windows that touch by the clock on the wall leave no gap where the clocks are set back between them.',
  });

const shownDays = {
  name: z.string(),
  days: z.array(z.string()).optional(),
  dates: z.array(z.string()).optional(),
  onHolidays: z.string(),
};
const shownWindows = z.array(z.object({ ...shownDays, start: z.string(), lengthMinutes: z.number().int() }));
const shownTimes = z.array(z.object({ ...shownDays, at: z.string() }));

/** As it is shown. */
export const calendarView = z
  .object({
    timeZone: z.string(),
    holidays: z.array(z.string()),
    never: shownWindows,
    quiet: shownWindows,
    maintenance: z.object({ windows: shownWindows, stops: z.string() }).nullable(),
    starts: shownTimes,
    stops: shownTimes,
  })
  .meta({ id: 'IdleCalendarView' });
