import { z } from 'zod';
import { awsInput } from '../../workers';
import { IDLE_SIGNALS } from '../../reaper';
import { givenCalendar } from './calendar.schemas';

const WEEK_MINUTES = 7 * 24 * 60;

const minutes = (least: number, most = 8 * WEEK_MINUTES) => z.number().int().min(least).max(most);

const budget = z
  .strictObject({
    stops: z.number().int().min(1).max(100_000).nullable().default(null),
    sharePercent: z
      .number()
      .int()
      .min(1)
      .max(100)
      .nullable()
      .default(null)
      .describe('Of the workers that run, rounded up to 1 at least'),
    windowMinutes: minutes(1, WEEK_MINUTES).default(60),
  })
  .refine((it) => it.stops !== null || it.sharePercent !== null, {
    path: ['stops'],
    message: 'give stops or sharePercent; null in place of the budget is no limit',
  })
  .meta({
    id: 'StopBudget',
    description:
      'How many automatic stops a sliding window allows: the smaller one, where both numbers are given',
  });

/**
 * All values that a policy may give. What does not fit together is refused by the reaper. The CPU load below which a worker
 * is idle is none of them: signals are made with that of the settings before anybody asks for a policy.
 */
export const givenValues = z
  .strictObject({
    idleThresholdMinutes: minutes(1, WEEK_MINUTES).nullable(),
    warningStagesMinutes: z
      .array(minutes(0, WEEK_MINUTES))
      .max(10)
      .nullable()
      .describe('People are told so long before a stop'),
    noticeRequired: z.boolean().nullable().describe('No stop without a notice that was delivered'),
    notifyEmails: z.array(z.email('must be an e-mail address').max(254)).max(20).nullable(),
    confirmed: z.boolean().nullable().describe('Idleness counts from the second reading on'),
    maxUptimeMinutes: minutes(1)
      .nullable()
      .describe('After so long it is stopped although nobody can tell whether it is in use; null is never'),
    activityBumpMinutes: minutes(0, WEEK_MINUTES)
      .nullable()
      .describe('How long a use of this API keeps a worker'),
    budget: budget.nullable().describe("Of this policy's workers; null: only the budgets of the fleet count"),
    calendar: givenCalendar.nullable(),
    dryRun: z.boolean().nullable().describe('Judged and explained, never announced nor stopped'),
    maxReadingAgeSeconds: z.number().int().min(1).max(86_400).nullable(),
    maxActivityAgeSeconds: z.number().int().min(1).max(86_400).nullable(),
    snoozeCapMinutes: minutes(1).nullable(),
    requiredSignals: z.array(z.enum(IDLE_SIGNALS)).min(1).nullable(),
  })
  .partial()
  .meta({
    id: 'IdlePolicyValues',
    description:
      'What is left out, or null, comes from a weaker policy, and from the settings in the end. Of maxUptimeMinutes and ' +
      'budget null is a value: none. The CPU threshold is a setting of the fleet, and of no policy.',
  });

const reason = z.string().trim().min(1).max(500).optional().describe('Why; it stands in the history');
const values = givenValues.default({});

export const fleetPolicyBody = z
  .strictObject({
    values,
    fleetRules: z
      .strictObject({
        fleetBudget: budget.nullable().describe('Over all workers; null is no limit'),
        regionBudget: budget.nullable().describe('Over the workers of each region; null is no limit'),
        breakerWindowMinutes: minutes(1, WEEK_MINUTES),
      })
      .partial()
      .default({})
      .describe('What holds for all automatic stops together; what is left out comes from the settings'),
    reason,
  })
  .meta({
    id: 'FleetPolicyBody',
    example: {
      values: { idleThresholdMinutes: 90, warningStagesMinutes: [60, 15, 5] },
      fleetRules: { fleetBudget: { sharePercent: 50, windowMinutes: 60 } },
      reason: 'courses take breaks of an hour',
    },
  });

export const workerPolicyBody = z
  .strictObject({ values, reason })
  .meta({ id: 'WorkerPolicyBody', example: { values: { idleThresholdMinutes: 240 }, reason: 'long runs' } });

const selector = z
  .strictObject({
    tags: awsInput.peoplesTags.default({}).describe('The worker has all of these'),
    regions: z
      .array(awsInput.awsRegion)
      .max(40)
      .default([])
      .describe('It is in one of these; empty: anywhere'),
  })
  .describe('Which workers the policy fits by itself; null: only those that name it');

export const namedPolicyBody = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    description: z.string().trim().max(500).default(''),
    selector: selector.nullable().default(null),
    priority: z
      .number()
      .int()
      .min(-1000)
      .max(1000)
      .default(0)
      .describe('Of those that fit a worker, the value of the one with the highest priority counts'),
    values,
    reason,
  })
  .meta({
    id: 'IdlePolicyBody',
    example: {
      name: 'courses',
      selector: { tags: { use: 'course' } },
      priority: 10,
      values: {
        calendar: {
          timeZone: 'Europe/Zurich',
          holidays: ['2027-12-25'],
          never: [
            {
              ...{ name: 'lessons', days: ['mon', 'tue', 'wed', 'thu', 'fri'], start: '08:00' },
              ...{ lengthMinutes: 600, onHolidays: 'skip' },
            },
          ],
          stops: [{ name: 'evening', days: ['mon', 'tue', 'wed', 'thu', 'fri'], at: '20:00' }],
        },
      },
    },
  });
