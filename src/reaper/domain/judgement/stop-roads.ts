import { MINUTE, SECOND } from '../../../kernel/clocks';
import { type CalendarMoment } from '../policy/calendar';
import { type IdleDecisionInput, type StopCause } from '../signals/idle-input';
import { type IdlePolicy, longestWarningMinutes } from '../policy/idle-policy';
import { type IdleWindow, keptByUseUntil, windowEnd } from './idle-window';

/** A way on which the worker comes to its stop, as things stand. */
export interface Road {
  readonly cause: StopCause;
  /** the earliest time of the stop */
  readonly dueAt: number;
  /** no announcement before: a worker that has just fallen idle is left in peace at first */
  readonly settledAt: number;
}

/** A stop is announced when so much of the window is over. */
const SETTLED_SHARE = 1 / 4;
/**
 * As long as a reading takes an act for use. That of a server whose clock is behind does so once only, and ended labs show
 * as changed once: the time since then has to be asked for.
 */
const LEAST_ABSENCE_MS = 5 * MINUTE;

/** All that are open, in the order in which they go before each other at the same time. */
export function roadsOf(input: IdleDecisionInput, window: IdleWindow | null): readonly Road[] {
  const uptime = uptimeRoad(input);
  if (!window) return uptime ? [uptime] : [];
  const roads = [idleRoad(input, window)];
  const schedule = scheduleRoad(input, window);
  if (schedule) roads.push(schedule);
  if (uptime) roads.push(uptime);
  return roads;
}

/** How long the window has to be, milliseconds. */
export function askedMs(cause: StopCause, policy: IdlePolicy): number {
  return cause === 'schedule' ? absenceMs(policy) : policy.idleThresholdMinutes * MINUTE;
}

/** Within so long whatever people did would have been read, and nobody counts as gone who did something. */
function absenceMs({ maxReadingAgeSeconds, maxActivityAgeSeconds }: IdlePolicy): number {
  return Math.max(LEAST_ABSENCE_MS, Math.max(maxReadingAgeSeconds, maxActivityAgeSeconds) * SECOND);
}

function idleRoad(input: IdleDecisionInput, window: IdleWindow): Road {
  const asked = askedMs('idle', input.policy);
  return {
    cause: 'idle',
    dueAt: windowEnd(input, window, asked),
    settledAt: window.since + asked * SETTLED_SHARE,
  };
}

/** A worker in use is not stopped by its schedule; from the scheduled time on it need only be seen not to be. */
function scheduleRoad(input: IdleDecisionInput, window: IdleWindow): Road | null {
  const asked = askedMs('schedule', input.policy);
  const emptyAt = windowEnd(input, window, asked);
  const stop = scheduledStop(input, emptyAt);
  if (!stop) return null;
  return {
    cause: 'schedule',
    dueAt: Math.max(stop.at.getTime(), emptyAt),
    settledAt: window.since + asked * SETTLED_SHARE,
  };
}

/** The scheduled stop that still holds when the window is full, or else the next one. */
export function scheduledStop(input: IdleDecisionInput, emptyAt: number): CalendarMoment | null {
  const { calendar, now } = input;
  const holding = calendar.scheduledStopAt(now);
  if (holding && emptyAt < holding.until.getTime() && !isStartedSince(holding.at, input)) return holding;
  return calendar.nextScheduledStop(now);
}

/** Whoever starts a worker after its evening wants it in the morning: that evening's stop is over for it. */
function isStartedSince(time: Date, { worker: { runningSince, lastUse } }: IdleDecisionInput): boolean {
  if (runningSince && runningSince > time) return true;
  return lastUse !== null && lastUse.kind === 'start' && lastUse.at > time;
}

/**
 * The maximum uptime needs no signal, so that it ends what nobody can tell anything about; but what was last seen with
 * running labs is kept for ever, and a use of the API keeps it for its time.
 */
function uptimeRoad(input: IdleDecisionInput): Road | null {
  const endsAt = uptimeEndsAt(input);
  if (endsAt === null || findLabsRun(input)) return null;
  return { cause: 'max-uptime', dueAt: Math.max(endsAt, keptFromUptimeUntil(input) ?? 0), settledAt: 0 };
}

/**
 * Until when the last use of the API keeps it from its maximum uptime: until all that was announced before the use is over
 * at least, or people could object to no stop where nothing else can tell that they are there.
 */
export function keptFromUptimeUntil(input: IdleDecisionInput): number | null {
  const { lastUse } = input.worker;
  const kept = keptByUseUntil(input);
  if (!lastUse || kept === null) return null;
  return Math.max(kept, lastUse.at.getTime() + longestWarningMinutes(input.policy) * MINUTE);
}

/** Null: the policy has no maximum uptime, or nobody knows since when it runs. */
export function uptimeEndsAt({ policy, worker: { runningSince } }: IdleDecisionInput): number | null {
  if (policy.maxUptimeMinutes === null || !runningSince) return null;
  return runningSince.getTime() + policy.maxUptimeMinutes * MINUTE;
}

/**
 * Whether labs ran when they were last read in the instance's present run, however long ago that is; where no reading is
 * kept the signal's latest value counts for one.
 */
export function findLabsRun({ observations, worker: { runningSince } }: IdleDecisionInput): boolean {
  const { lastLabs, signals } = observations;
  const ofThisRun = (at: Date) => !runningSince || at >= runningSince;
  if (lastLabs) return lastLabs.running > 0 && ofThisRun(lastLabs.at);
  return signals.labs?.value === 'active' && ofThisRun(signals.labs.to);
}
