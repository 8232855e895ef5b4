import { MINUTE } from '../../../kernel/clocks';
import { type IdleDecisionInput, type StopCause } from '../signals/idle-input';
import { leastWarningMinutes, longestWarningMinutes } from '../policy/idle-policy';
import { type IdleWindow } from './idle-window';
import { holdingNow } from './restraints';
import { type Road, roadsOf } from './stop-roads';

/** What the worker is heading for: when it is stopped, if nothing changes, and how far its announcement is. */
export interface Course {
  readonly cause: StopCause;
  /** the earliest time of the stop, were it not for calendar and announcement */
  readonly dueAt: number;
  /** of the stop; null: the calendar allows none within 400 days */
  readonly at: number | null;
  /** when the stop is to be announced, unless it is already */
  readonly announceFrom: number;
  /** it needs no announcement any more: it has one, or the policy asks for none, or is on trial */
  readonly announced: boolean;
  /** it is announced, or to be announced now */
  readonly near: boolean;
}

/** An announced stop that was not carried out for so long, though nothing held it off, is announced anew. */
export const PLAN_KEEPS_MS = 60 * MINUTE;

/** The earliest of all courses; null: nothing leads to a stop. */
export function courseOf(input: IdleDecisionInput, window: IdleWindow | null): Course | null {
  let first: Course | null = null;
  for (const road of roadsOf(input, window)) {
    const course = along(road, input);
    if (!first || goesBefore(course, first)) first = course;
  }
  return first;
}

/** At the same time an announced one does, so that people are not told twice. */
function goesBefore(one: Course, other: Course): boolean {
  const sooner = (one.at ?? Infinity) - (other.at ?? Infinity);
  return sooner < 0 || (sooner === 0 && one.announced && !other.announced);
}

function along(road: Road, input: IdleDecisionInput): Course {
  if (input.policy.dryRun) return onTrial(road, input);
  if (input.policy.warningStagesMinutes.length === 0) return unannounced(road, input);
  const { plannedStop } = input.worker;
  if (plannedStop && findPlan(road, input) === 'stands') {
    const at = plannedStop.at.getTime();
    return { cause: road.cause, dueAt: road.dueAt, at, announceFrom: at, announced: true, near: true };
  }
  return toAnnounce(road, input);
}

/**
 * Whether the announced stop still is this road's: one whose time lies before the road's own was announced for an idle
 * time that use has interrupted since.
 */
export function findPlan(
  { cause, dueAt }: Pick<Road, 'cause' | 'dueAt'>,
  input: IdleDecisionInput,
): 'none' | 'other-cause' | 'interrupted' | 'forbidden' | 'too-old' | 'stands' {
  const { worker, calendar, now } = input;
  const plan = worker.plannedStop;
  if (!plan) return 'none';
  if (plan.cause !== cause) return 'other-cause';
  const at = plan.at.getTime();
  if (at < dueAt) return 'interrupted';
  if (calendar.holdAt(plan.at)) return 'forbidden';
  const isOld = now.getTime() > at + PLAN_KEEPS_MS;
  return isOld && holdingNow(input).length === 0 ? 'too-old' : 'stands';
}

function toAnnounce({ cause, dueAt, settledAt }: Road, input: IdleDecisionInput): Course {
  const { policy, calendar, now } = input;
  const at = nextAllowed(Math.max(dueAt, now.getTime() + leastWarningMinutes(policy) * MINUTE), input);
  const from = Math.max((at ?? dueAt) - longestWarningMinutes(policy) * MINUTE, settledAt);
  if (at === null) return { cause, dueAt, at, announceFrom: from, announced: false, near: false };
  const isTime = now.getTime() >= from;
  const quiet = isTime ? calendar.quietAt(now) : null;
  if (!quiet) return { cause, dueAt, at, announceFrom: from, announced: false, near: isTime };
  return afterQuiet(cause, dueAt, at, quiet.until, input);
}

/** Nobody is told anything now: the stop comes no sooner than its warning after that. */
function afterQuiet(
  cause: StopCause,
  dueAt: number,
  at: number,
  until: Date | null,
  input: IdleDecisionInput,
): Course {
  const from = until?.getTime() ?? Infinity;
  const warned = from + leastWarningMinutes(input.policy) * MINUTE;
  const after = until ? nextAllowed(Math.max(at, warned), input) : null;
  return { cause, dueAt, at: after, announceFrom: from, announced: false, near: false };
}

/** Without stages nobody is told: it is stopped when its time has come. */
function unannounced({ cause, dueAt }: Road, input: IdleDecisionInput): Course {
  const at = nextAllowed(Math.max(dueAt, input.now.getTime()), input);
  const near = at !== null && input.now.getTime() >= at;
  return { cause, dueAt, at, announceFrom: at ?? dueAt, announced: true, near };
}

/** As if it had been announced in time, so that a policy on trial shows what it would do when it is live. */
function onTrial({ cause, dueAt, settledAt }: Road, input: IdleDecisionInput): Course {
  const { policy, now } = input;
  const longest = longestWarningMinutes(policy) * MINUTE;
  const announcedAt = Math.max(dueAt - longest, settledAt);
  const at = nextAllowed(Math.max(dueAt, announcedAt + leastWarningMinutes(policy) * MINUTE), input);
  const from = Math.max((at ?? dueAt) - longest, settledAt);
  return {
    cause,
    dueAt,
    at,
    announceFrom: from,
    announced: true,
    near: at !== null && now.getTime() >= from,
  };
}

export function nextAllowed(from: number, { calendar }: IdleDecisionInput): number | null {
  return calendar.nextAllowed(new Date(from))?.getTime() ?? null;
}
