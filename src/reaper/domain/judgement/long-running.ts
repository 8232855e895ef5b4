import { HOUR } from '../../../kernel/clocks';
import { type IdleDecisionInput } from '../signals/idle-input';
import { findSignal, outcomeOf } from '../signals/signal-finding';

/** Labs that run without anybody for so long were perhaps forgotten. */
export const FORGOTTEN_MS = 12 * HOUR;

/**
 * Since when labs run without anything that a person did, if that is long enough to tell people. A server that never told of
 * any activity counts from when its labs were first seen running; where activity cannot be told of late, nothing is said.
 */
export function longRunningOf(input: IdleDecisionInput): { readonly since: Date } | null {
  const { observations, worker, now } = input;
  const { labs } = observations.signals;
  if (!labs || findSignal('labs', input) !== 'active') return null;
  if (outcomeOf(findSignal('activity', input)) !== 'pass') return null;
  if (outcomeOf(findSignal('sessions', input)) !== 'pass') return null;
  const acts = [observations.newestActivityAt ?? labs.from, worker.lastUse?.at, worker.runningSince];
  const since = Math.max(...acts.map((at) => at?.getTime() ?? 0));
  return now.getTime() - since >= FORGOTTEN_MS ? { since: new Date(since) } : null;
}
