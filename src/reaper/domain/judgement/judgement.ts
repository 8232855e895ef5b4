import { MINUTE } from '../../../kernel/clocks';
import { type Course, courseOf, nextAllowed } from './course';
import { type Judgement, type Verdict } from '../decision/decision';
import { type IdleDecisionInput } from '../signals/idle-input';
import { leastWarningMinutes } from '../policy/idle-policy';
import { idleWindow, type IdleWindow } from './idle-window';
import { longRunningOf } from './long-running';
import { findNoticed, noticeDueFor } from './notice-due';
import { firstEndOf, holdingNow, type Restraint, switchedOff } from './restraints';
import { findSignal, findUse, isJudged, RECENT_MS } from '../signals/signal-finding';
import { findProtection, findSnooze, findWantedRunning } from '../trace/standing-rules';
import { OBSERVED_SIGNALS } from '../signals/idle-signals';

/**
 * What `decide` decides, without its words: as pure, and cheap enough to be asked millions of times. Both rest on the same
 * findings, rule by rule.
 */
export function judge(input: IdleDecisionInput): Judgement {
  const { worker, calendar, now } = input;
  const applies = findWantedRunning(input);
  if (applies === 'fail') {
    // a stop under way: its announcement goes with the worker's status
    return { ...kept('not-applicable', input, NOTHING_KNOWN), plan: worker.plannedStop };
  }
  if (applies === 'unknown') return kept('unknown', input, { ...NOTHING_KNOWN, unclear: true });
  const use = findUse(input);
  const window = use === 'pass' ? idleWindow(input) : null;
  const unclear = use !== 'fail' && window === null;
  const protection = findProtection(input);
  if (protection) return kept('protected', input, { window, unclear, nextDecisionAt: protection.expiresAt });
  const snooze = findSnooze(input);
  if (snooze) return kept('snoozed', input, { window, unclear, nextDecisionAt: snooze.until });
  if (use === 'fail') return kept('in-use', input, { ...NOTHING_KNOWN, nextDecisionAt: useEndsAt(input) });
  const course = courseOf(input, window);
  if (!course) return kept('unknown', input, { ...NOTHING_KNOWN, unclear });
  const unconfirmed = course.cause !== 'max-uptime' && window !== null && window.readOnce.length > 0;
  if (!unconfirmed && course.near && course.at !== null) return nearStop(input, window, course, course.at);
  const isForbidden = !unconfirmed && now.getTime() >= course.dueAt && calendar.holdAt(now) !== null;
  return isForbidden ? awaitingCalendar(input, window, course) : waiting(input, window, course);
}

/** One that is announced, or is to be. */
function nearStop(
  input: IdleDecisionInput,
  window: IdleWindow | null,
  course: Course,
  at: number,
): Judgement {
  const isDue = course.announced && at <= input.now.getTime();
  const needsNotice = input.policy.warningStagesMinutes.length > 0;
  const unnoticed = isDue && needsNotice && findNoticed(at, input) === 'not-told';
  const restraints = isDue ? holdingNow(input) : switchedOff(input);
  if (unnoticed && restraints.length === 0) return toldAnew(input, window, course);
  if (unnoticed) restraints.push('noticed');
  if (restraints.length > 0) return held(input, window, course, restraints);
  if (!isDue) return warned(input, window, course, at);
  return {
    verdict: 'stop',
    cause: course.cause,
    idleSince: dateOf(window?.since),
    deadline: new Date(at),
    plan: input.worker.plannedStop,
    noticeDue: null,
    restraints: NONE,
    nextDecisionAt: input.now,
    unclear: window === null,
    longRunning: null,
    dryRun: input.policy.dryRun,
  };
}

function warned(input: IdleDecisionInput, window: IdleWindow | null, course: Course, at: number): Judgement {
  const { plan, noticeDue } = announcementOf(input, course, at);
  const deadline = new Date(at);
  return {
    verdict: 'warn',
    cause: course.cause,
    idleSince: dateOf(window?.since),
    deadline,
    plan,
    noticeDue,
    restraints: NONE,
    nextDecisionAt: deadline,
    unclear: window === null,
    longRunning: null,
    dryRun: input.policy.dryRun,
  };
}

const NONE: readonly Restraint[] = [];
const NO_ANNOUNCEMENT = { plan: null, noticeDue: null } as const;

/** A policy on trial announces nothing. */
function announcementOf(input: IdleDecisionInput, { cause }: Course, at: number) {
  if (input.policy.dryRun) return NO_ANNOUNCEMENT;
  return { plan: { at: new Date(at), cause }, noticeDue: noticeDueFor(at, input) };
}

/** Due, but nobody was told in time: it is announced once more, unless nobody may be told anything now. */
function toldAnew(input: IdleDecisionInput, window: IdleWindow | null, course: Course): Judgement {
  const { policy, calendar, now } = input;
  const stays = held(input, window, course, ['noticed']);
  const quiet = calendar.quietAt(now);
  if (quiet) return { ...stays, nextDecisionAt: quiet.until };
  const at = nextAllowed(now.getTime() + leastWarningMinutes(policy) * MINUTE, input);
  if (at === null) return stays;
  const deadline = new Date(at);
  return { ...stays, deadline, ...announcementOf(input, course, at), nextDecisionAt: deadline };
}

/** Its announcement stays as it is, and nobody is told of another one. */
function held(
  input: IdleDecisionInput,
  window: IdleWindow | null,
  { cause, at }: Course,
  restraints: readonly Restraint[],
): Judgement {
  const { plannedStop } = input.worker;
  const stays = plannedStop?.at.getTime() === at && !input.policy.dryRun;
  return {
    verdict: 'held',
    cause,
    idleSince: dateOf(window?.since),
    deadline: null,
    plan: stays ? plannedStop : null,
    noticeDue: null,
    restraints,
    nextDecisionAt: firstEndOf(restraints, input),
    unclear: window === null,
    longRunning: null,
    dryRun: input.policy.dryRun,
  };
}

/** Due, but for the calendar: it is announced when the time that is allowed is near. */
function awaitingCalendar(input: IdleDecisionInput, window: IdleWindow | null, course: Course): Judgement {
  const stays = held(input, window, course, ['calendar']);
  return {
    ...stays,
    deadline: dateOf(course.at),
    plan: null,
    nextDecisionAt: course.at === null ? stays.nextDecisionAt : dateOf(course.announceFrom),
  };
}

/** The stop is not near yet. */
function waiting(input: IdleDecisionInput, window: IdleWindow | null, course: Course): Judgement {
  const { cause, at, announceFrom } = course;
  return {
    verdict: window ? 'idle-waiting' : 'unknown',
    cause,
    idleSince: dateOf(window?.since),
    deadline: dateOf(at),
    plan: null,
    noticeDue: null,
    restraints: NONE,
    nextDecisionAt: dateOf(announceFrom),
    unclear: window === null,
    longRunning: longRunningOf(input),
    dryRun: input.policy.dryRun,
  };
}

/** What is known of a worker that is kept. */
interface Known {
  readonly window: IdleWindow | null;
  readonly unclear: boolean;
  readonly nextDecisionAt: Date | null;
}

const NOTHING_KNOWN: Known = { window: null, unclear: false, nextDecisionAt: null };

/** Nothing leads to a stop now. */
function kept(
  verdict: Verdict,
  input: IdleDecisionInput,
  { window, unclear, nextDecisionAt }: Known,
): Judgement {
  return {
    verdict,
    cause: null,
    idleSince: dateOf(window?.since),
    deadline: null,
    plan: null,
    noticeDue: null,
    restraints: NONE,
    nextDecisionAt,
    unclear,
    longRunning: verdict === 'not-applicable' ? null : longRunningOf(input),
    dryRun: input.policy.dryRun,
  };
}

/** When the use ends by itself: what is read has to be read again, but a use of the API is over in time. */
function useEndsAt(input: IdleDecisionInput): Date | null {
  const { lastUse } = input.worker;
  const isRead = OBSERVED_SIGNALS.some(
    (signal) => isJudged(signal, input.policy) && findSignal(signal, input) === 'active',
  );
  return lastUse && !isRead ? new Date(lastUse.at.getTime() + RECENT_MS) : null;
}

function dateOf(time: number | null | undefined): Date | null {
  return time == null || time === Infinity ? null : new Date(time);
}
