import { InvalidInput } from '../kernel/domain-error';
import { type IdlePolicy, idlePolicy } from '../reaper';

/** The settings that all idle policies stand on, and how often is read. */
interface PolicySettings {
  readonly FLEET_IDLE_THRESHOLD_MINUTES: number;
  readonly FLEET_IDLE_CPU_BELOW_PERCENT: number;
  readonly FLEET_IDLE_WARNING_MINUTES?: readonly number[] | undefined;
  readonly FLEET_SNOOZE_CAP_MINUTES: number;
  readonly FLEET_IDLE_MAX_READING_AGE_SECONDS?: number | undefined;
  readonly FLEET_MAX_UPTIME_MINUTES?: number | undefined;
  readonly FLEET_IDLE_DRY_RUN: boolean;
  readonly FLEET_OBSERVE_SECONDS: number;
  readonly FLEET_CML_ACTIVITY_SECONDS: number;
}

const SETTING_OF = {
  idleThresholdMinutes: 'FLEET_IDLE_THRESHOLD_MINUTES',
  cpuIdleBelowPercent: 'FLEET_IDLE_CPU_BELOW_PERCENT',
  warningStagesMinutes: 'FLEET_IDLE_WARNING_MINUTES',
  snoozeCapMinutes: 'FLEET_SNOOZE_CAP_MINUTES',
  maxReadingAgeSeconds: 'FLEET_IDLE_MAX_READING_AGE_SECONDS',
  maxUptimeMinutes: 'FLEET_MAX_UPTIME_MINUTES',
} satisfies Partial<Record<keyof IdlePolicy, keyof PolicySettings>>;

/** What the settings say of the idle policy; what they leave open is undefined. */
export function policyOf(settings: PolicySettings): Partial<IdlePolicy> {
  const stages = settings.FLEET_IDLE_WARNING_MINUTES;
  return {
    idleThresholdMinutes: settings.FLEET_IDLE_THRESHOLD_MINUTES,
    cpuIdleBelowPercent: settings.FLEET_IDLE_CPU_BELOW_PERCENT,
    // 0: a stop is announced to nobody, so nobody must have heard of it
    ...(isNever(stages)
      ? { warningStagesMinutes: [], noticeRequired: false }
      : { warningStagesMinutes: stages }),
    snoozeCapMinutes: settings.FLEET_SNOOZE_CAP_MINUTES,
    maxReadingAgeSeconds: settings.FLEET_IDLE_MAX_READING_AGE_SECONDS,
    maxUptimeMinutes: settings.FLEET_MAX_UPTIME_MINUTES,
    dryRun: settings.FLEET_IDLE_DRY_RUN,
  };
}

/** Why no idle policy can stand on these settings: sentences by the names of the variables; empty when one can. */
export function policyFaultsOf(settings: PolicySettings): string[] {
  const stages = settings.FLEET_IDLE_WARNING_MINUTES;
  if (stages?.includes(0) && !isNever(stages)) {
    return ['FLEET_IDLE_WARNING_MINUTES must be minutes above 0, or 0 alone: stops are not announced then'];
  }
  try {
    idlePolicy(policyOf(settings), settings.FLEET_OBSERVE_SECONDS, settings.FLEET_CML_ACTIVITY_SECONDS);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.faults.map(({ pointer, message }) => inSettings(`${pointer.slice(1)} ${message}`));
  }
}

function isNever(stages: readonly number[] | undefined): boolean {
  return stages?.length === 1 && stages[0] === 0;
}

/** The sentence with the names of variables in place of those of a policy's values, and with what readings depend on. */
function inSettings(sentence: string): string {
  const named = Object.entries(SETTING_OF).reduce(
    (text, [value, setting]) => text.replaceAll(value, setting),
    sentence,
  );
  const rests = 'FLEET_OBSERVE_SECONDS and FLEET_CML_ACTIVITY_SECONDS say how often is read';
  return /\d s /.test(named) ? `${named}; ${rests}` : named;
}
