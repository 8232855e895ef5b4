import { SECOND } from '../../kernel/clocks';
import { type IdleDecisionInput } from './idle-input';
import { type IdleSignal, type ObservedSignal, PEOPLES_SIGNALS, type SignalState } from './idle-signals';
import { type IdlePolicy } from './idle-policy';
import { type Rule } from './rule';
import { duration, moment } from './words';

export const LABEL: Readonly<Record<IdleSignal, string>> = {
  ec2: 'EC2',
  labs: 'Labs',
  cpu: 'CPU',
  activity: 'Activity',
  sessions: 'Sessions',
  api: 'API',
};

/**
 * Milliseconds since the signal was last known to have its value. A source that answers while the signal's interval
 * stands still is as old as the interval.
 */
export function ageOf({ observedAt, to }: SignalState, now: Date): number | null {
  if (observedAt === null) return null;
  return now.getTime() - Math.min(observedAt.getTime(), to.getTime());
}

function longestAgeOf(signal: IdleSignal, policy: IdlePolicy): number {
  const isPeoples = (PEOPLES_SIGNALS as readonly IdleSignal[]).includes(signal);
  return (isPeoples ? policy.maxActivityAgeSeconds : policy.maxReadingAgeSeconds) * SECOND;
}

/** A reading from the future comes of a wrong clock, and is trusted no more than an old one. */
function isFresh(signal: IdleSignal, state: SignalState, { now, policy }: IdleDecisionInput): boolean {
  const age = ageOf(state, now);
  return age !== null && Math.abs(age) <= longestAgeOf(signal, policy);
}

/** Whether the signal is known, by a fresh reading, to be idle now. */
export function signalRule(signal: ObservedSignal, input: IdleDecisionInput): Rule {
  const rule = `${signal}-idle` as const;
  const label = LABEL[signal];
  const state = input.observations.signals[signal];
  const unknown = (detail: string): Rule => ({
    rule,
    outcome: 'unknown',
    detail,
    remedy: `${label}: would have to be read, with a clear answer.`,
  });

  const age = state && ageOf(state, input.now);
  if (!state || age == null) return unknown(`${label}: never read.`);
  if (!isFresh(signal, state, input)) {
    const limit = longestAgeOf(signal, input.policy);
    return unknown(`${label}: last read ${duration(age)} ago, the limit is ${duration(limit)}.`);
  }
  const since = `since ${moment(state.from)}`;
  const read = `read ${duration(Math.max(0, age))} ago`;
  switch (state.value) {
    case 'unknown':
      return unknown(`${label}: unknown ${since}, ${read}.`);
    case 'active':
      return {
        rule,
        outcome: 'fail',
        detail: `${label}: active ${since}, ${read}.`,
        remedy: `${label}: would have to turn idle.`,
      };
    case 'idle': {
      const lasted = duration(Math.max(0, input.now.getTime() - state.from.getTime()));
      const detail = `${label}: idle ${since} (${lasted}), ${state.readings} readings, ${read}.`;
      return { rule, outcome: 'pass', detail, remedy: null };
    }
  }
}

/**
 * What people do vetoes wherever it is seen, and must be known to be idle only where any of it ever was seen. A server
 * that was never asked, or did not answer of late, has not said that there never was any.
 */
export function peoplesRule(signal: 'activity' | 'sessions', input: IdleDecisionInput): Rule {
  const judged = signalRule(signal, input);
  const state = input.observations.signals[signal];
  const answers = state?.value === 'unknown' && isFresh(signal, state, input);
  if (judged.outcome !== 'unknown' || !answers || input.observations.everSeenActivity) return judged;
  const detail = `${LABEL[signal]}: not asked for, this server never reported an event.`;
  return { rule: `${signal}-idle`, outcome: 'pass', detail, remedy: null };
}
