import { MINUTE, SECOND } from '../../../kernel/clocks';
import { type IdleDecisionInput } from './idle-input';
import { type IdlePolicy } from '../policy/idle-policy';
import { IDLE_SIGNALS, type IdleSignal, type ObservedSignal, type SignalState } from './idle-signals';
import { type RuleOutcome } from '../trace/rule';

/** What a signal says now. Only `idle` and `never-any` allow a stop. */
export type SignalFinding =
  | 'never-read'
  /** the latest reading is older than the policy allows, or comes from the future: a wrong clock is trusted no more */
  | 'too-old'
  /** it was read, without a clear answer */
  | 'unclear'
  | 'active'
  | 'idle'
  /** of what people do: read, and there never was any on this server, so that it says nothing */
  | 'never-any';

/** A use of the API shows for so long, milliseconds; what people do on the server does, too. */
export const RECENT_MS = 5 * MINUTE;

/**
 * Milliseconds since the signal was last known to have its value. A source that answers while the signal's interval
 * stands still is as old as the interval.
 */
export function ageOf({ observedAt, to }: SignalState, now: Date): number | null {
  if (observedAt === null) return null;
  return now.getTime() - Math.min(observedAt.getTime(), to.getTime());
}

/** Milliseconds. */
export function longestAgeOf(signal: ObservedSignal, policy: IdlePolicy): number {
  const isPeoples = signal === 'activity' || signal === 'sessions';
  return (isPeoples ? policy.maxActivityAgeSeconds : policy.maxReadingAgeSeconds) * SECOND;
}

/** Whether the signal counts: what the policy requires, and whatever people do. */
export function isJudged(signal: IdleSignal, { requiredSignals }: IdlePolicy): boolean {
  switch (signal) {
    case 'activity':
    case 'sessions':
    case 'api':
      return true;
    case 'ec2':
    case 'labs':
    case 'cpu':
      return requiredSignals.includes(signal);
  }
}

export function findSignal(signal: IdleSignal, input: IdleDecisionInput): SignalFinding {
  const { now, observations, policy } = input;
  if (signal === 'api') return showsUse(input) ? 'active' : 'idle';
  const state = observations.signals[signal];
  const age = state ? ageOf(state, now) : null;
  if (!state || age === null) return 'never-read';
  if (Math.abs(age) > longestAgeOf(signal, policy)) return 'too-old';
  if (state.value !== 'unknown') return state.value;
  return isUnheardOf(signal, input) ? 'never-any' : 'unclear';
}

/**
 * What people do must be known to be idle only where any of it ever was seen, unless the policy requires it. A server
 * that was never asked, or did not answer of late, has not said that there never was any.
 */
function isUnheardOf(signal: ObservedSignal, { observations, policy }: IdleDecisionInput): boolean {
  if (signal !== 'activity' && signal !== 'sessions') return false;
  return !observations.everSeenActivity && !policy.requiredSignals.includes(signal);
}

function showsUse({ worker: { lastUse }, now }: IdleDecisionInput): boolean {
  return lastUse !== null && now.getTime() < lastUse.at.getTime() + RECENT_MS;
}

export function outcomeOf(finding: SignalFinding): RuleOutcome['outcome'] {
  switch (finding) {
    case 'idle':
    case 'never-any':
      return 'pass';
    case 'active':
      return 'fail';
    case 'never-read':
    case 'too-old':
    case 'unclear':
      return 'unknown';
  }
}

/** What all signals that count say together: that any is active, that any cannot tell, or that all are idle. */
export function findUse(input: IdleDecisionInput): RuleOutcome['outcome'] {
  let together: RuleOutcome['outcome'] = 'pass';
  for (const signal of IDLE_SIGNALS) {
    if (!isJudged(signal, input.policy)) continue;
    const outcome = outcomeOf(findSignal(signal, input));
    if (outcome === 'fail') return 'fail';
    if (outcome === 'unknown') together = 'unknown';
  }
  return together;
}
