import { type InputFault } from '../../../kernel/domain-error';
import { IDLE_SIGNALS } from '../signals/idle-signals';
import { type IdlePolicy } from './policy-values';
import { type StopBudget } from './stop-budget';

/** How often workers are read, seconds. */
export interface Cadence {
  readonly observeSeconds: number;
  /** between two readings of what people did */
  readonly activitySeconds: number;
}

type Check = readonly [pointer: string, accepted: boolean, message: string];

/** What is not acceptable of a policy, value by value; empty when all is. Calendars are judged elsewhere. */
export function policyFaults(policy: IdlePolicy, cadence: Cadence): InputFault[] {
  const checks = [windowChecks(policy, cadence), ageChecks(policy, cadence), warningChecks(policy)];
  return [...checks.flat(), ...otherChecks(policy)]
    .filter(([, accepted]) => !accepted)
    .map(([pointer, , message]) => ({ pointer, message }))
    .concat(policy.budget ? budgetFaults(policy.budget, '/budget') : []);
}

/** What is not acceptable of a budget that stands at this pointer. */
export function budgetFaults(
  { stops, sharePercent, windowMinutes }: StopBudget,
  pointer: string,
): InputFault[] {
  const checks: Check[] = [
    ['', stops !== null || sharePercent !== null, 'must have stops or sharePercent, or both'],
    ['/stops', stops === null || atLeast(stops, 1), 'must be 1 or more'],
    [
      '/sharePercent',
      sharePercent === null || (sharePercent >= 1 && sharePercent <= 100),
      'must be between 1 and 100',
    ],
    ['/windowMinutes', atLeast(windowMinutes, 1), 'must be 1 or more'],
  ];
  return checks
    .filter(([, accepted]) => !accepted)
    .map(([name, , message]) => ({ pointer: `${pointer}${name}`, message }));
}

/** A window must be longer than it takes to see that somebody has begun to use the worker, twice over. */
function windowChecks({ idleThresholdMinutes, confirmed }: IdlePolicy, cadence: Cadence): Check[] {
  const { observeSeconds, activitySeconds } = cadence;
  const lagSeconds = Math.max(observeSeconds, activitySeconds) + (confirmed ? observeSeconds : 0);
  const least = Math.max(1, Math.ceil((2 * lagSeconds) / 60));
  return [
    [
      '/idleThresholdMinutes',
      atLeast(idleThresholdMinutes, least),
      least === 1
        ? 'must be 1 or more'
        : `must be ${least} or more, twice the ${lagSeconds} s that readings may lag behind`,
    ],
  ];
}

function warningChecks(policy: IdlePolicy): Check[] {
  const { warningStagesMinutes: stages, idleThresholdMinutes, noticeRequired, maxUptimeMinutes } = policy;
  const longest = Math.max(0, ...stages);
  return [
    ['/warningStagesMinutes', stages.every((stage) => atLeast(stage, 0)), 'must be whole minutes, 0 or more'],
    [
      '/warningStagesMinutes',
      !(longest > idleThresholdMinutes),
      `must not exceed idleThresholdMinutes, ${idleThresholdMinutes}`,
    ],
    [
      '/warningStagesMinutes',
      !noticeRequired || (stages.length > 0 && stages.every((stage) => stage !== 0)),
      'must have a stage, and none of 0 min, while noticeRequired: no notice could be delivered in time',
    ],
    [
      '/maxUptimeMinutes',
      maxUptimeMinutes === null || (atLeast(maxUptimeMinutes, 1) && maxUptimeMinutes > longest),
      `must exceed the longest warning stage, ${longest}`,
    ],
  ];
}

/** Something, one @, and a domain; whether it can be reached only sending tells. */
const EMAIL = /^[^\s@<>",;:]+@[^\s@<>",;:.]+(\.[^\s@<>",;:.]+)*$/;

/** A window must not be full when hardly any of it was looked at. */
function ageChecks(policy: IdlePolicy, { observeSeconds, activitySeconds }: Cadence): Check[] {
  const { idleThresholdMinutes, maxReadingAgeSeconds, maxActivityAgeSeconds } = policy;
  const ages = [
    ['/maxReadingAgeSeconds', maxReadingAgeSeconds, observeSeconds],
    ['/maxActivityAgeSeconds', maxActivityAgeSeconds, activitySeconds],
  ] as const;
  return ages.flatMap(([pointer, age, between]): Check[] => {
    const most = longestAgeSeconds(idleThresholdMinutes, between);
    const tooOld = `must exceed the ${between} s between two readings, or every reading would be too old`;
    const unseen = `must be ${most} or less, half of the ${idleThresholdMinutes} min of idleThresholdMinutes`;
    return [
      [pointer, age > between, tooOld],
      [pointer, !(age > most), `${unseen}: the rest may have passed unseen`],
    ];
  });
}

/**
 * How old a reading may be at most, seconds, by a policy with this window: half of it at least is looked at. Where readings
 * are so rare that there is no such age it is the window that is not acceptable.
 */
export function longestAgeSeconds(idleThresholdMinutes: number, betweenSeconds: number): number {
  return Math.max(Math.floor((idleThresholdMinutes * 60) / 2), betweenSeconds + 1);
}

function otherChecks(policy: IdlePolicy): Check[] {
  const { cpuIdleBelowPercent, requiredSignals } = policy;
  return [
    [
      '/cpuIdleBelowPercent',
      cpuIdleBelowPercent > 0 && cpuIdleBelowPercent <= 100,
      'must be above 0, and 100 at most',
    ],
    ['/snoozeCapMinutes', atLeast(policy.snoozeCapMinutes, 1), 'must be 1 or more'],
    ['/activityBumpMinutes', atLeast(policy.activityBumpMinutes, 0), 'must be 0 or more'],
    [
      '/requiredSignals',
      requiredSignals.includes('labs'),
      'must have labs: without them a busy worker could be stopped',
    ],
    [
      '/requiredSignals',
      requiredSignals.every((signal) => IDLE_SIGNALS.includes(signal)),
      `must be among ${IDLE_SIGNALS.join(', ')}`,
    ],
    ...policy.notifyEmails.map((email, index): Check => [
      `/notifyEmails/${index}`,
      EMAIL.test(email),
      'must be an e-mail address',
    ]),
  ];
}

/** False for NaN, too. */
function atLeast(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least;
}
