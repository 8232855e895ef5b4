import { z } from 'zod';
import { answeredTime } from '../../http';
import { VERDICTS } from '../domain/decision/decision';
import { STOP_CAUSES } from '../domain/signals/idle-input';
import { IDLE_SIGNALS } from '../domain/signals/idle-signals';
import { RULE_NAMES } from '../domain/trace/rule';
import { policyLayer, policyUsed } from './idle-policy-used.view';

const time = answeredTime.nullable();
const cause = z.enum(STOP_CAUSES);

const rule = z
  .object({
    rule: z.enum(RULE_NAMES),
    outcome: z.enum(['pass', 'fail', 'unknown']).describe('fail and unknown both speak against a stop'),
    detail: z.string().describe('What the rule saw, with values and ages'),
  })
  .meta({ id: 'IdleRule' });

const signal = z
  .object({
    signal: z.enum(IDLE_SIGNALS),
    value: z.enum(['active', 'idle', 'unknown']),
    from: time.describe('Since when it has this value; null: the API was never used'),
    readings: z.number().int().describe('How often it was read since then'),
    source: z.string(),
    observedAt: time.describe('Latest reading that succeeded'),
    ageSeconds: z.number().int().nullable().describe('null: never read'),
    maximalAgeSeconds: z
      .number()
      .int()
      .nullable()
      .describe('An older reading says nothing; null: any age does'),
  })
  .meta({ id: 'IdleSignal' });

const inputs = z
  .object({
    signals: z.array(signal),
    lastActivityAt: time,
    lastActivityAgeSeconds: z.number().int().nullable(),
    runningSince: time,
    everSeenActivity: z.boolean().describe('Whether the server ever reported an event'),
    lastUse: z
      .object({ kind: z.string(), at: answeredTime, by: z.string() })
      .nullable()
      .meta({ id: 'LastUseOfApi', description: 'Latest thing that a person did with it through this API' }),
    lastLabs: z
      .object({ running: z.number().int(), at: answeredTime })
      .nullable()
      .meta({ id: 'LastLabsRead', description: 'Latest reading of the labs, however old' }),
  })
  .meta({ id: 'IdleInputs' });

const announced = z.object({ at: answeredTime, reason: z.string(), cause }).meta({ id: 'AnnouncedStop' });

/** What the reaper thinks of a worker, as the API shows it. */
export const idleDecisionView = z
  .object({
    decisionId: z.string(),
    workerId: z.uuid(),
    at: answeredTime,
    verdict: z.enum(VERDICTS),
    cause: cause.nullable().describe('What it is stopped for; null where nothing leads to a stop'),
    dryRun: z.boolean().describe('The policy is on trial: nothing follows from the verdict'),
    unclear: z.boolean().describe('Nobody can tell whether it is in use'),
    reason: z.string(),
    rules: z.array(rule).describe('In the order of judgement'),
    inputs,
    wouldHaveToChange: z.array(z.string()).describe('What stands between the worker and an automatic stop'),
    restraints: z.array(z.enum(RULE_NAMES)).describe('The rules that hold its stop off'),
    idleSince: time,
    deadline: time.describe('When it is stopped, if nothing changes'),
    nextDecisionAt: time.describe(
      'When time alone changes the verdict; null where only use or a person does',
    ),
    plannedStop: announced.nullable().describe('The stop that is announced'),
    noticeDue: z
      .object({ stageMinutes: z.number().int(), deadline: answeredTime })
      .nullable()
      .meta({ id: 'NoticeDue', description: 'The notice that people are to be told at the next turn' }),
    longRunning: z.object({ since: answeredTime }).nullable().meta({
      id: 'LongRunningLabs',
      description: 'Its labs run, and nobody has done anything for 12 hours',
    }),
    policy: policyUsed,
    policyLayers: z.array(policyLayer).describe('The policies that its policy is made of, weakest first'),
    policyOrigins: z.record(z.string(), z.string()).describe('Id of the layer that each value comes from'),
  })
  .meta({ id: 'IdleDecision' });
