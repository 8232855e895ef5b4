import { z } from 'zod';
import { answeredTime } from '../../http';
import { VERDICTS } from '../domain/decision';
import { IDLE_SIGNALS } from '../domain/idle-signals';

const time = answeredTime.nullable();

const rule = z
  .object({
    rule: z.string(),
    outcome: z.enum(['pass', 'fail', 'unknown']).describe('fail and unknown both keep the worker running'),
    detail: z.string().describe('What the rule saw, with values and ages'),
  })
  .meta({ id: 'IdleRule' });

const signal = z
  .object({
    signal: z.enum(IDLE_SIGNALS),
    value: z.enum(['active', 'idle', 'unknown']),
    from: answeredTime.describe('Since when it has this value'),
    readings: z.number().int().describe('How often it was read since then'),
    source: z.string(),
    observedAt: time.describe('Latest reading that succeeded'),
    ageSeconds: z.number().int().nullable().describe('null: never read'),
  })
  .meta({ id: 'IdleSignal' });

const policy = z
  .object({
    idleThresholdMinutes: z.number().int(),
    cpuIdleBelowPercent: z.number(),
    warningStagesMinutes: z.array(z.number().int()),
    maxReadingAgeSeconds: z.number(),
    maxActivityAgeSeconds: z.number().describe('The same for what people did, which is read less often'),
    requiredSignals: z.array(z.enum(IDLE_SIGNALS)),
  })
  .meta({ id: 'IdlePolicyUsed', description: 'The policy by which it was judged' });

/** What the reaper thinks of a worker, as the API shows it. */
export const idleDecisionView = z
  .object({
    workerId: z.uuid(),
    at: answeredTime,
    verdict: z.enum(VERDICTS),
    reason: z.string(),
    rules: z.array(rule).describe('In the order of judgement; all must pass before a stop'),
    inputs: z
      .object({
        signals: z.array(signal),
        lastActivityAt: time,
        lastActivityAgeSeconds: z.number().int().nullable(),
        runningSince: time,
        everSeenActivity: z.boolean().describe('Whether the server ever reported an event'),
      })
      .meta({ id: 'IdleInputs' }),
    wouldHaveToChange: z.array(z.string()).describe('What stands between the worker and an automatic stop'),
    idleSince: time,
    deadline: time.describe('When it is stopped, if it stays idle'),
    nextDecisionAt: time.describe(
      'When time alone changes the verdict; null where only use or a person does',
    ),
    plannedStop: z.object({ at: answeredTime, reason: z.string() }).nullable().meta({ id: 'AnnouncedStop' }),
    policy,
  })
  .meta({ id: 'IdleDecision' });

export const IDLE_DECISION_EXAMPLE = {
  workerId: '6f1c1f0e-2f7b-4c39-9a43-3c1f6f0d9f11',
  at: '2027-01-15T11:30:00.000Z',
  verdict: 'idle-waiting',
  reason: 'Idle window: since 2027-01-15T10:45:00Z (45 min), the threshold is 90 min.',
  rules: [
    {
      rule: 'labs-idle',
      outcome: 'pass',
      detail: 'Labs: idle since 2027-01-15T10:45:00Z (45 min), 45 readings, read 30 s ago.',
    },
    {
      rule: 'idle-window',
      outcome: 'fail',
      detail: 'Idle window: since 2027-01-15T10:45:00Z (45 min), the threshold is 90 min.',
    },
  ],
  inputs: {
    signals: [
      {
        signal: 'labs',
        value: 'idle',
        from: '2027-01-15T10:45:00.000Z',
        readings: 45,
        source: 'cml-labs',
        observedAt: '2027-01-15T11:29:30.000Z',
        ageSeconds: 30,
      },
    ],
    lastActivityAt: '2027-01-15T10:40:00.000Z',
    lastActivityAgeSeconds: 3_000,
    runningSince: '2027-01-15T07:02:10.000Z',
    everSeenActivity: true,
  },
  wouldHaveToChange: [
    'It would have to stay idle until 2027-01-15T12:15:00Z.',
    'The stop would have to be announced 15 min ahead.',
  ],
  idleSince: '2027-01-15T10:45:00.000Z',
  deadline: '2027-01-15T12:15:00.000Z',
  nextDecisionAt: '2027-01-15T12:00:00.000Z',
  plannedStop: null,
  policy: {
    idleThresholdMinutes: 90,
    cpuIdleBelowPercent: 10,
    warningStagesMinutes: [15, 5],
    maxReadingAgeSeconds: 180,
    maxActivityAgeSeconds: 360,
    requiredSignals: ['ec2', 'labs', 'cpu'],
  },
};
