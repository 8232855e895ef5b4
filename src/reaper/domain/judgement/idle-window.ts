import { MINUTE } from '../../../kernel/clocks';
import { type IdleDecisionInput } from '../signals/idle-input';
import { type ObservedSignal } from '../signals/idle-signals';

/** A time without any sign of use, up to now. */
export interface IdleWindow {
  /** milliseconds since 1970, as all times of a judgement in the making */
  readonly since: number;
  /** signals whose idleness rests on a single reading, which could be a slip; empty where the policy takes one */
  readonly readOnce: readonly ObservedSignal[];
}

/** One slip of a reading must not stop a worker. */
const LEAST_READINGS = 2;
const NONE: readonly ObservedSignal[] = [];

/**
 * The window of a worker that is not in use and whose last activity is known: it begins with the last of the required
 * signals that fell idle, and not before its last activity, its last use of the API, and the instance's present run.
 * Null for any other.
 */
export function idleWindow({ policy, observations, worker }: IdleDecisionInput): IdleWindow | null {
  const { lastActivityAt, runningSince, lastUse } = worker;
  if (!lastActivityAt) return null;
  let since = lastActivityAt.getTime();
  if (runningSince) since = Math.max(since, runningSince.getTime());
  if (lastUse) since = Math.max(since, lastUse.at.getTime());
  let readOnce = NONE;
  for (const name of policy.requiredSignals) {
    // it is known at any time, and its last use counts already
    if (name === 'api') continue;
    const signal = observations.signals[name];
    if (signal?.value !== 'idle') return null;
    since = Math.max(since, signal.from.getTime());
    if (policy.confirmed && signal.readings < LEAST_READINGS) readOnce = [...readOnce, name];
  }
  return { since, readOnce };
}

/** Until when the last use of the API keeps it, however idle it is; null: no use is known. */
export function keptByUseUntil({ worker: { lastUse }, policy }: IdleDecisionInput): number | null {
  return lastUse && lastUse.at.getTime() + policy.activityBumpMinutes * MINUTE;
}

/** When the window has lasted as long as is asked (milliseconds), and the last use keeps it no longer. */
export function windowEnd(input: IdleDecisionInput, { since }: IdleWindow, askedMs: number): number {
  return Math.max(since + askedMs, keptByUseUntil(input) ?? 0);
}
