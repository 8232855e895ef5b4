import { InvalidInput } from '../../../kernel/domain-error';
import { NO_CALENDAR_RULES } from './calendar-rules';
import { type IdleSignal } from '../signals/idle-signals';
import { longestAgeSeconds, policyFaults } from './policy-faults';
import { type IdlePolicy } from './policy-values';

export { type IdlePolicy };

/** What must be known to be idle unless the policy says otherwise; what people do counts wherever it is seen. */
const USUALLY_REQUIRED: readonly IdleSignal[] = ['ec2', 'labs', 'cpu'];

const WEEK_MINUTES = 7 * 24 * 60;
const USUAL_STAGES: readonly number[] = [60, 15, 5];

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
  const threshold = given.idleThresholdMinutes ?? 60;
  const fitting = (age: number, between: number) => Math.min(age, longestAgeSeconds(threshold, between));
  const usualAge = Math.max(LEAST_DEFAULT_AGE_SECONDS, MISSED_READINGS * observeSeconds);
  const maxReadingAgeSeconds = given.maxReadingAgeSeconds ?? fitting(usualAge, observeSeconds);
  const seldom = activitySeconds > observeSeconds ? MISSED_READINGS * activitySeconds : 0;
  const usualActivityAge = Math.max(maxReadingAgeSeconds, seldom);
  const policy: IdlePolicy = {
    idleThresholdMinutes: threshold,
    cpuIdleBelowPercent: given.cpuIdleBelowPercent ?? 10,
    warningStagesMinutes: longestFirst(
      given.warningStagesMinutes ?? defaultStages(threshold, given.maxUptimeMinutes ?? null),
    ),
    noticeRequired: given.noticeRequired ?? true,
    notifyEmails: given.notifyEmails ?? [],
    confirmed: given.confirmed ?? true,
    maxUptimeMinutes: given.maxUptimeMinutes ?? null,
    activityBumpMinutes: given.activityBumpMinutes ?? threshold,
    budget: given.budget ?? null,
    calendar: given.calendar ?? NO_CALENDAR_RULES,
    dryRun: given.dryRun ?? false,
    maxReadingAgeSeconds,
    maxActivityAgeSeconds: given.maxActivityAgeSeconds ?? fitting(usualActivityAge, activitySeconds),
    snoozeCapMinutes: given.snoozeCapMinutes ?? WEEK_MINUTES,
    requiredSignals: given.requiredSignals ?? USUALLY_REQUIRED,
  };
  const faults = policyFaults(policy, { observeSeconds, activitySeconds });
  if (faults.length > 0) throw new InvalidInput(faults);
  return policy;
}

/** The usual ones that window and maximum uptime have room for; in a short time half of it. */
function defaultStages(threshold: number, maxUptime: number | null): readonly number[] {
  const stages = USUAL_STAGES.filter(
    (stage) => stage <= threshold && !(maxUptime !== null && stage >= maxUptime),
  );
  const shorter = Math.min(threshold, maxUptime ?? threshold);
  return stages.length > 0 ? stages : [Math.max(1, Math.floor(shorter / 2))];
}

function longestFirst(stages: readonly number[]): readonly number[] {
  return [...new Set(stages)].sort((a, b) => b - a);
}

/** How long before the stop people first hear of it; 0: never. */
export function longestWarningMinutes({ warningStagesMinutes }: IdlePolicy): number {
  return warningStagesMinutes[0] ?? 0;
}

/** How long before the stop people hear of it at the latest; 0: never. */
export function leastWarningMinutes({ warningStagesMinutes }: IdlePolicy): number {
  return warningStagesMinutes.at(-1) ?? 0;
}
