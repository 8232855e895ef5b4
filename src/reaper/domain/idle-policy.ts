import { type InputFault, InvalidInput } from '../../kernel/domain-error';

/** Signs of use that a stop may be made to depend on; what people do is judged by a rule of its own. */
export const REQUIRABLE_SIGNALS = ['ec2', 'labs', 'cpu'] as const;
type RequirableSignal = (typeof REQUIRABLE_SIGNALS)[number];

/** When a worker counts as idle, and how its automatic stop is announced. Durations are fleet time. */
export interface IdlePolicy {
  /** how long it must be idle without a break */
  readonly idleThresholdMinutes: number;
  /** CPU load, percent of the whole host, below which the live probe takes it for idle */
  readonly cpuIdleBelowPercent: number;
  /** how long before the stop it is announced */
  readonly warningMinutes: number;
  /** a reading older than this says nothing */
  readonly maxReadingAgeSeconds: number;
  /** the same for what people did, which is read less often */
  readonly maxActivityAgeSeconds: number;
  /** the longest snooze that people may ask for */
  readonly snoozeCapMinutes: number;
  /** all of these must be known to be idle before a stop */
  readonly requiredSignals: readonly RequirableSignal[];
}

const WEEK_MINUTES = 7 * 24 * 60;

/** Three missed readings make a reading old, but never less than this. */
const MISSED_READINGS = 3;
const LEAST_DEFAULT_AGE_SECONDS = 180;

/**
 * The policy with these values, and defaults for the others. `observeSeconds` is the time between two readings of a
 * worker, `activitySeconds` that between two readings of what people did; the defaults of the age limits rest on them.
 * @throws InvalidInput naming each value that is not acceptable
 */
export function idlePolicy(
  given: Partial<IdlePolicy>,
  observeSeconds: number,
  activitySeconds = observeSeconds,
): IdlePolicy {
  const usualAge = Math.max(LEAST_DEFAULT_AGE_SECONDS, MISSED_READINGS * observeSeconds);
  const maxReadingAgeSeconds = given.maxReadingAgeSeconds ?? usualAge;
  const seldom = activitySeconds > observeSeconds ? MISSED_READINGS * activitySeconds : 0;
  const policy: IdlePolicy = {
    idleThresholdMinutes: given.idleThresholdMinutes ?? 60,
    cpuIdleBelowPercent: given.cpuIdleBelowPercent ?? 10,
    warningMinutes: given.warningMinutes ?? 15,
    maxReadingAgeSeconds,
    maxActivityAgeSeconds: given.maxActivityAgeSeconds ?? Math.max(maxReadingAgeSeconds, seldom),
    snoozeCapMinutes: given.snoozeCapMinutes ?? WEEK_MINUTES,
    requiredSignals: given.requiredSignals ?? REQUIRABLE_SIGNALS,
  };
  const faults = faultsOf(policy, observeSeconds);
  if (faults.length > 0) throw new InvalidInput(faults);
  return policy;
}

function faultsOf(policy: IdlePolicy, observeSeconds: number): InputFault[] {
  const { idleThresholdMinutes, cpuIdleBelowPercent, warningMinutes, maxReadingAgeSeconds } = policy;
  const checks: [keyof IdlePolicy, boolean, string][] = [
    ['idleThresholdMinutes', atLeast(idleThresholdMinutes, 1), 'must be 1 or more'],
    [
      'cpuIdleBelowPercent',
      cpuIdleBelowPercent > 0 && cpuIdleBelowPercent <= 100,
      'must be above 0, and 100 at most',
    ],
    ['warningMinutes', atLeast(warningMinutes, 0), 'must be 0 or more'],
    [
      'warningMinutes',
      !(warningMinutes > idleThresholdMinutes),
      `must not exceed idleThresholdMinutes, ${idleThresholdMinutes}`,
    ],
    [
      'maxReadingAgeSeconds',
      maxReadingAgeSeconds > observeSeconds,
      `must exceed the ${observeSeconds} s between two readings, or every reading would be too old`,
    ],
    ['snoozeCapMinutes', atLeast(policy.snoozeCapMinutes, 1), 'must be 1 or more'],
    [
      'requiredSignals',
      policy.requiredSignals.includes('labs'),
      'must have labs: without them a busy worker could be stopped',
    ],
  ];
  return checks
    .filter(([, accepted]) => !accepted)
    .map(([name, , message]) => ({ pointer: `/${name}`, message }));
}

/** False for NaN, too. */
function atLeast(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least;
}
