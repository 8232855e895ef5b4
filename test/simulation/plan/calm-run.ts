import { NO_CALENDAR_RULES } from '../../../src/reaper/domain/policy/calendar-rules';
import { type IdlePolicy, idlePolicy } from '../../../src/reaper/domain/policy/idle-policy';
import { type RunTraits } from '../world/traits';
import { MINUTE } from './durations';

/** So many workers that nobody comes to and nothing goes wrong with, under one policy. */
export function calmRun(
  count: number,
  policy: Partial<IdlePolicy> = {},
  given: Partial<Omit<RunTraits, 'workers'>> = {},
): RunTraits {
  const values = {
    idleThresholdMinutes: 60,
    warningStagesMinutes: [15, 5],
    calendar: NO_CALENDAR_RULES,
    ...policy,
  };
  return {
    ...{ seed: 1, start: new Date('2027-01-15T08:00:00.000Z'), hours: 12, apartMs: 0 },
    ...{ observeMs: MINUTE, activityMs: MINUTE, channels: 1 },
    rules: { fleetBudget: null, regionBudget: null, breakerWindowMinutes: 60 },
    ...{ ec2FaultShare: 0, slowProbeShare: 0, channelFailShare: 0, deathsADay: 0, standstillsADay: 0 },
    ...{ outagesADay: 0, pausesADay: 0, silencesADay: 0 },
    workers: Array.from({ length: count }, (_, index) => ({
      ...{
        name: `lab-${index + 1}`,
        region: 'eu-west-1',
        policyId: 'policy-1',
        clockAheadMs: 0,
        telemetryOn: true,
      },
      policy: idlePolicy(values, 60),
      ...{
        troublesADay: 0,
        visited: false,
        restMs: [1, 1] as const,
        visitMs: [1, 1] as const,
        reactsShare: 0,
      },
    })),
    ...given,
  };
}
