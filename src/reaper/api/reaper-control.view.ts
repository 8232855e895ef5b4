import { z } from 'zod';
import { answeredTime } from '../../http';

const pause = z
  .object({
    by: z.string(),
    reason: z.string(),
    at: answeredTime,
    until: answeredTime.nullable().describe('null: until it is resumed'),
  })
  .meta({ id: 'ReaperPause' });

const breaker = z
  .object({
    openedAt: answeredTime,
    stops: z.number().int().describe('In the window, the one that was not carried out included'),
    running: z.number().int().describe('Of so many that ran'),
    decisionId: z.string().describe('The decision that was not carried out'),
    workerId: z.string(),
  })
  .meta({ id: 'ReaperBreaker' });

const budget = z
  .object({
    scope: z
      .string()
      .describe(
        '`fleet`, `region us-east-1`, `policy <name> (<id>)`, `policy worker-<id>` of its own one, or `catch-up`',
      ),
    allowed: z.number().int(),
    used: z.number().int(),
    windowMinutes: z.number().int(),
    freesAt: answeredTime.nullable().describe('When the oldest stop leaves the window; null: none is used'),
  })
  .meta({ id: 'StopBudgetNow' });

/** What holds automatic stops off, as the API shows it. */
export const reaperControlView = z
  .object({
    at: answeredTime,
    pause: pause.nullable(),
    breaker: breaker.nullable().describe('Open: all automatic stops wait for a person to resume them'),
    catchUp: z
      .object({ since: answeredTime, until: answeredTime })
      .nullable()
      .meta({ id: 'ReaperCatchUp' })
      .describe(
        'No turn was taken for long: what became due meanwhile is announced anew, and stops are paced',
      ),
    budgets: z.array(budget).describe('Of the fleet, and of each region and policy of which something runs'),
    latestTurnAt: answeredTime.nullable(),
  })
  .meta({ id: 'ReaperControl' });

export const CONTROL_EXAMPLE = {
  at: '2027-01-15T12:00:30.000Z',
  pause: {
    by: 'user:ann',
    reason: 'exam week',
    at: '2027-01-15T08:00:00.000Z',
    until: '2027-01-17T18:00:00.000Z',
  },
  breaker: null,
  catchUp: null,
  budgets: [{ scope: 'fleet', allowed: 10, used: 2, windowMinutes: 60, freesAt: '2027-01-15T12:20:00.000Z' }],
  latestTurnAt: '2027-01-15T12:00:00.000Z',
};
