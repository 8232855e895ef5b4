import { DAY, HOUR, MINUTE, SECOND } from './durations';
import { type IdlePolicy, idlePolicy } from '../../../src/reaper/domain/policy/idle-policy';
import { randomCalendar } from './calendars';
import { Dice } from '../world/dice';
import { type RunTraits, type WorkerTraits } from '../world/traits';

const YEAR_BEGINS = Date.UTC(2027, 0, 1);
const REGIONS = ['eu-west-1', 'us-east-1'] as const;

/** A run as chance has it: of all that may be so, some at a time, and often nothing at all. */
export function randomRun(seed: number): RunTraits {
  const dice = new Dice(seed);
  const observeMs = dice.pick([MINUTE, MINUTE, 2 * MINUTE, 30 * SECOND]);
  const activityMs = observeMs * dice.pick([1, 1, 2, 5]);
  const some = (share: number, value: number) => (dice.chance(share) ? value : 0);
  const policies = Array.from({ length: dice.whole(1, 2) }, () => randomPolicy(dice, observeMs, activityMs));
  const crowded = dice.chance(0.02);
  const count = crowded ? dice.whole(11, 16) : dice.pick([1, 1, 2, 2, 3, 5]);
  const workers = Array.from({ length: count }, (_, index): WorkerTraits => {
    const which = dice.whole(0, policies.length - 1);
    return {
      name: `lab-${index + 1}`,
      region: dice.pick(REGIONS),
      policy: policies[which] as IdlePolicy,
      policyId: `policy-${which + 1}`,
      clockAheadMs: dice.chance(0.15) ? Math.round(dice.whole(-100, 100) * dice.pick([SECOND, MINUTE])) : 0,
      telemetryOn: !dice.chance(0.1),
      troublesADay: some(0.3, dice.whole(1, 12)),
      visited: true,
      restMs: [20 * MINUTE, dice.pick([2 * HOUR, 12 * HOUR])],
      visitMs: [3 * MINUTE, dice.pick([HOUR, 5 * HOUR])],
      reactsShare: dice.pick([0, 0.1, 0.4, 0.8]),
    };
  });
  return {
    seed,
    start: new Date(
      YEAR_BEGINS + dice.whole(0, 364) * DAY + dice.whole(0, 1_439) * MINUTE + dice.whole(0, 59_999),
    ),
    hours: crowded ? 24 : dice.whole(24, 96),
    apartMs: dice.pick([0, 3 * HOUR, -50 * MINUTE]),
    ...{ observeMs, activityMs, workers },
    rules: {
      fleetBudget: randomBudget(dice, 0.3),
      regionBudget: randomBudget(dice, 0.15),
      breakerWindowMinutes: 60,
    },
    ec2FaultShare: some(0.3, 0.3),
    slowProbeShare: some(0.2, 0.3),
    channels: dice.pick([0, 1, 1, 1, 2] as const),
    channelFailShare: some(0.3, 0.4),
    deathsADay: some(0.25, dice.whole(1, 24)),
    standstillsADay: some(0.2, dice.whole(1, 24)),
    pausesADay: some(0.1, dice.whole(1, 3)),
    silencesADay: some(0.1, dice.whole(1, 3)),
    outagesADay: some(0.15, dice.whole(1, 4)),
  };
}

function randomPolicy(dice: Dice, observeMs: number, activityMs: number): IdlePolicy {
  const window = dice.pick(activityMs > 5 * MINUTE ? [60, 90, 120] : [30, 45, 60, 90, 120]);
  const stages = dice.pick([[60, 15, 5], [15, 5], [10], [5], [20, 2]]).filter((stage) => stage <= window);
  return idlePolicy(
    {
      idleThresholdMinutes: window,
      warningStagesMinutes: stages,
      noticeRequired: !dice.chance(0.1),
      activityBumpMinutes: dice.pick([window, 15, 2 * window]),
      budget: randomBudget(dice, 0.2),
      ...(dice.chance(0.2) && { calendar: randomCalendar(dice) }),
      ...(dice.chance(0.12) && { maxUptimeMinutes: dice.pick([3, 6, 12]) * 60 }),
      ...(dice.chance(0.05) && { confirmed: false }),
      ...(dice.chance(0.2) && { requiredSignals: ['ec2', 'labs'] as const }),
    },
    observeMs / SECOND,
    activityMs / SECOND,
  );
}

function randomBudget(dice: Dice, share: number) {
  if (!dice.chance(share)) return null;
  const stops = dice.chance(0.6) ? dice.whole(1, 4) : null;
  const sharePercent = stops === null || dice.chance(0.4) ? dice.pick([10, 25, 50]) : null;
  return { stops, sharePercent, windowMinutes: dice.pick([15, 60, 240]) };
}
