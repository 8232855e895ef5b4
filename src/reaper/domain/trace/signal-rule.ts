import { MINUTE } from '../../../kernel/clocks';
import { type IdleDecisionInput } from '../signals/idle-input';
import { type IdleSignal, type ObservedSignal, type SignalState } from '../signals/idle-signals';
import { type Rule } from './rule';
import { ageOf, findSignal, longestAgeOf, outcomeOf, type SignalFinding } from '../signals/signal-finding';
import { duration, moment } from './words';

export const LABEL: Readonly<Record<IdleSignal, string>> = {
  ec2: 'EC2',
  labs: 'Labs',
  cpu: 'CPU',
  activity: 'Activity',
  sessions: 'Sessions',
  api: 'API',
};

/** What one signal says, in words. */
export function signalRule(signal: IdleSignal, input: IdleDecisionInput): Rule {
  const finding = findSignal(signal, input);
  const said = signal === 'api' ? useOfApi(input) : readingOf(signal, finding, input);
  return {
    rule: `${signal}-idle`,
    outcome: outcomeOf(finding),
    detail: `${LABEL[signal]}: ${said}.`,
    remedy: remedyFor(signal, finding),
  };
}

function remedyFor(signal: IdleSignal, finding: SignalFinding): string | null {
  switch (outcomeOf(finding)) {
    case 'pass':
      return null;
    case 'fail':
      return `${LABEL[signal]}: would have to turn idle.`;
    case 'unknown':
      return `${LABEL[signal]}: would have to be read, with a clear answer.`;
  }
}

function useOfApi({ worker: { lastUse, runningSince }, policy, now }: IdleDecisionInput): string {
  if (!lastUse) {
    return runningSince ? `no use since it runs, ${moment(runningSince)}` : 'no use';
  }
  const { kind, by, at } = lastUse;
  const ago = duration(Math.max(0, now.getTime() - at.getTime()));
  const keeps = duration(policy.activityBumpMinutes * MINUTE);
  return `last use was ${kind} by ${by} at ${moment(at)} (${ago} ago), which keeps it for ${keeps}`;
}

function readingOf(signal: ObservedSignal, finding: SignalFinding, input: IdleDecisionInput): string {
  const state = input.observations.signals[signal];
  const age = state ? ageOf(state, input.now) : null;
  if (!state || age === null) return 'never read';
  if (finding === 'too-old') return tooOld(age, longestAgeOf(signal, input.policy));
  if (finding === 'never-any') return 'not asked for, this server never reported an event';
  return reading(state, age, input.now);
}

function tooOld(age: number, limit: number): string {
  const when = age < 0 ? `${duration(-age)} in the future` : `${duration(age)} ago`;
  return `last read ${when}, the limit is ${duration(limit)}`;
}

function reading({ value, from, readings }: SignalState, age: number, now: Date): string {
  const since = `${value} since ${moment(from)}`;
  const read = `read ${duration(Math.max(0, age))} ago`;
  if (value !== 'idle') return `${since}, ${read}`;
  const lasted = duration(Math.max(0, now.getTime() - from.getTime()));
  return `${since} (${lasted}), ${readings} ${readings === 1 ? 'reading' : 'readings'}, ${read}`;
}
