import { MINUTE, plus } from '../../../kernel/clocks';
import { PLAN_KEEPS_MS } from './course';
import { type IdleDecisionInput } from '../signals/idle-input';
import { leastWarningMinutes } from '../policy/idle-policy';
import { idleWindow, keptByUseUntil, windowEnd } from './idle-window';
import { noticedBefore } from './notice-due';
import { OBSERVED_SIGNALS } from '../signals/idle-signals';
import { longestAgeOf, RECENT_MS } from '../signals/signal-finding';
import { askedMs, keptFromUptimeUntil, uptimeEndsAt } from './stop-roads';
import { FORGOTTEN_MS } from './long-running';

/**
 * The first instant after `now` at which `judge` may say something else of the same worker, though nothing is read, nobody
 * does anything, and budgets stay as they are; null: it never does. Before it only the time of a stop that nobody announced
 * yet moves on. It may come too early, and never too late.
 */
export function validUntil(input: IdleDecisionInput): Date | null {
  const now = input.now.getTime();
  let first = Infinity;
  for (const time of edgesOf(input)) if (time > now && time < first) first = time;
  return first === Infinity ? null : new Date(first);
}

/** Every time at which one of the rules may turn. */
function edgesOf(input: IdleDecisionInput): number[] {
  const { worker, budget, calendar, now } = input;
  return [
    ...[worker.protection?.expiresAt, worker.snooze?.until, budget.paused?.until, calendar.nextChange(now)]
      .filter((date) => date != null)
      .map((date) => date.getTime()),
    ...freshnessEdges(input),
    ...(worker.lastUse ? [worker.lastUse.at.getTime() + RECENT_MS] : []),
    ...dueEdges(input).flatMap((due) => [due, ...stageEdges(due, input)]),
    ...movingEdges(input),
    ...settledEdges(input),
    ...planEdges(input),
    ...forgottenEdges(input),
  ];
}

/** A reading grows too old a millisecond after its limit, and one from the future is none before. */
function freshnessEdges({ observations, policy }: IdleDecisionInput): number[] {
  return OBSERVED_SIGNALS.flatMap((name) => {
    const state = observations.signals[name];
    if (!state?.observedAt) return [];
    const at = Math.min(state.observedAt.getTime(), state.to.getTime());
    const limit = longestAgeOf(name, policy);
    return [at - limit, at + limit + 1];
  });
}

/** When the worker may be due, on any road. */
function dueEdges(input: IdleDecisionInput): number[] {
  const window = idleWindow(input);
  const uptime = uptimeEndsAt(input);
  const kept = [keptByUseUntil(input), keptFromUptimeUntil(input)];
  const scheduled = input.calendar.nextScheduledStop(input.now)?.at.getTime();
  const due = [uptime, ...kept, scheduled].filter((time) => time != null);
  if (!window) return due;
  const ends = [windowEnd(input, window, askedMs('idle', input.policy))];
  const short = windowEnd(input, window, askedMs('schedule', input.policy));
  return [...due, ...ends, short].flatMap((time) => [time, ...allowedAfter(time, input)]);
}

/** Where the calendar moves a stop to. */
function allowedAfter(time: number, { calendar }: IdleDecisionInput): number[] {
  const allowed = calendar.nextAllowed(new Date(time));
  return allowed ? [allowed.getTime()] : [];
}

function stageEdges(at: number, { policy }: IdleDecisionInput): number[] {
  return policy.warningStagesMinutes.map((stage) => at - stage * MINUTE);
}

/** Of a stop that is due and not announced, whose time moves on until the calendar forbids it, or allows it. */
function movingEdges(input: IdleDecisionInput): number[] {
  const ahead = leastWarningMinutes(input.policy) * MINUTE;
  const warned = plus(input.now, ahead);
  const change = input.calendar.nextChange(warned);
  const allowed = allowedAfter(warned.getTime(), input);
  return [...(change ? [change.getTime() - ahead] : []), ...allowed.flatMap((at) => stageEdges(at, input))];
}

function settledEdges(input: IdleDecisionInput): number[] {
  const window = idleWindow(input);
  if (!window) return [];
  return (['idle', 'schedule'] as const).map((cause) => window.since + askedMs(cause, input.policy) / 4);
}

function planEdges(input: IdleDecisionInput): number[] {
  const at = input.worker.plannedStop?.at.getTime();
  if (at === undefined) return [];
  return [at, at + PLAN_KEEPS_MS + 1, noticedBefore(at, input), ...stageEdges(at, input)];
}

function forgottenEdges({ observations, worker }: IdleDecisionInput): number[] {
  const acts = [
    observations.newestActivityAt,
    observations.signals.labs?.from,
    worker.lastUse?.at,
    worker.runningSince,
  ];
  return acts.flatMap((at) => (at ? [at.getTime() + FORGOTTEN_MS] : []));
}
