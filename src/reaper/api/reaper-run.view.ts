import { z } from 'zod';
import { answeredTime } from '../../http';
import { type Verdict, VERDICTS } from '../domain/decision/decision';
import { STOP_CAUSES } from '../domain/signals/idle-input';
import { REAPER_ACTIONS } from '../domain/reaper-run';
import { RULE_NAMES } from '../domain/trace/rule';

const count = z.number().int();

const runDecision = z
  .object({
    workerId: z.uuid(),
    workerName: z.string(),
    decisionId: z.string().describe('Stands as `causationid` at the events that it led to'),
    verdict: z.enum(VERDICTS),
    action: z
      .enum(REAPER_ACTIONS)
      .describe('In a dry run, and while the run is not finished: what it would begin with'),
    reason: z.string(),
    cause: z.enum(STOP_CAUSES).nullable().describe('null where nothing leads to a stop'),
    restraints: z.array(z.enum(RULE_NAMES)).describe('Rules that hold a stop off that is due'),
    notice: z
      .object({ stageMinutes: z.number().int(), deadline: answeredTime })
      .nullable()
      .meta({ id: 'ReaperRunNotice' })
      .describe('What people were told'),
    trial: z.boolean().describe('Its policy is on trial: nothing was done'),
  })
  .meta({ id: 'ReaperRunDecision' });

/** One turn of the reaper, as the API shows it. */
export const reaperRunView = z
  .object({
    id: z.uuid(),
    startedAt: answeredTime,
    finishedAt: answeredTime.nullable().describe('null: it is under way, or its process died in it'),
    dryRun: z.boolean(),
    actor: z.string(),
    counts: z
      .object(
        Object.fromEntries(VERDICTS.map((verdict) => [verdict, count])) as Record<Verdict, typeof count>,
      )
      .meta({ id: 'VerdictCounts', description: 'How many running workers got each verdict' }),
    decisions: z
      .array(runDecision)
      .describe('Where something was done, or the verdict is new; in a dry run all'),
    leftOut: count.describe(
      'How many decisions more there were: 1000 are kept, first those that did something',
    ),
    starts: z
      .array(
        z
          .object({ workerId: z.uuid(), workerName: z.string(), name: z.string(), at: answeredTime })
          .meta({ id: 'ScheduledStart' }),
      )
      .describe('Workers that were started at a time of their calendar'),
    errors: z
      .array(z.object({ workerId: z.uuid(), workerName: z.string(), message: z.string() }))
      .describe('Workers whose turn failed; they are kept running'),
  })
  .meta({ id: 'ReaperRun' });

export const RUN_EXAMPLE = {
  id: '9d3b1c8e-7a55-4f6e-9d0f-0e6a4f3f2b11',
  startedAt: '2027-01-15T12:00:00.000Z',
  finishedAt: '2027-01-15T12:00:01.200Z',
  dryRun: false,
  actor: 'system:reaper',
  counts: {
    'not-applicable': 0,
    protected: 1,
    snoozed: 0,
    'in-use': 4,
    unknown: 0,
    'idle-waiting': 2,
    warn: 1,
    held: 0,
    stop: 0,
  },
  decisions: [
    {
      workerId: '6f1c1f0e-2f7b-4c39-9a43-3c1f6f0d9f11',
      workerName: 'lab-1',
      decisionId: '3b1c8e7a-55f6-4e9d-8f0e-6a4f3f2b119d',
      verdict: 'warn',
      action: 'announce',
      reason:
        'Nobody has used it since 2027-01-15T11:15:00Z: it is stopped at 2027-01-15T12:15:00Z ' +
        'unless it is used, snoozed or protected before.',
      cause: 'idle',
      restraints: [],
      notice: { stageMinutes: 15, deadline: '2027-01-15T12:15:00.000Z' },
      trial: false,
    },
  ],
  leftOut: 0,
  starts: [],
  errors: [],
};
