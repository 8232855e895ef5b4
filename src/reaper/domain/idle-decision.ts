import { MINUTE, plus } from '../../kernel/clocks';
import { announcedRule, standingStop, stopDueAt } from './announcement';
import { type IdleDecision, type Verdict } from './decision';
import { inputsOf } from './decision-inputs';
import { type IdleDecisionInput } from './idle-input';
import { longestWarningMinutes } from './idle-policy';
import { type IdleWindow, idleWindow, windowRule } from './idle-window';
import { type Rule, type RuleName } from './rule';
import { peoplesRule, signalRule } from './signal-rule';
import { lastActivityKnown, notProtected, notSnoozed, wantedRunning } from './standing-rules';

/**
 * Judges one worker. Pure: the same input gives the same decision, in the reaper's turn and in an explanation. Its
 * verdict is `stop` only when every required signal is known to be idle, by fresh readings, for the whole window.
 */
export function decide(input: IdleDecisionInput): IdleDecision {
  const { decisionId, worker, policy, now } = input;
  const applies = wantedRunning(input);
  const standing = [notProtected(input), notSnoozed(input)];
  const uses = [
    ...(['ec2', 'labs', 'cpu'] as const).map((signal) => signalRule(signal, input)),
    ...(['activity', 'sessions'] as const).map((signal) => peoplesRule(signal, input)),
  ];
  const lastActivity = lastActivityKnown(input);
  const quiet = [...uses, lastActivity].every(({ outcome }) => outcome === 'pass');
  const window = quiet ? idleWindow(input) : null;
  const rules: readonly Rule[] =
    applies.outcome === 'pass'
      ? [
          ...[applies, ...standing, ...uses, lastActivity],
          ...[windowRule(input, window), announcedRule(input, window)],
        ]
      : [applies];
  const verdict = verdictOf(rules, input, window);
  const idle = verdict === 'idle-waiting' || verdict === 'warn' || verdict === 'stop';
  const deadline = idle && window ? stopDueAt(input, window) : null;
  return {
    decisionId,
    workerId: worker.id,
    workerName: worker.name,
    at: now,
    verdict,
    reason: reasonOf(verdict, rules),
    rules: rules.map(({ rule, outcome, detail }) => ({ rule, outcome, detail })),
    inputs: inputsOf(input),
    wouldHaveToChange: rules.flatMap(({ remedy }) => (remedy === null ? [] : [remedy])),
    idleSince: window?.since ?? null,
    deadline,
    cause: idle ? 'idle' : null,
    plan: deadline && verdict !== 'idle-waiting' ? { at: deadline, cause: 'idle' } : null,
    noticeDue: null,
    restraints: [],
    longRunning: null,
    dryRun: policy.dryRun,
    nextDecisionAt: nextDecisionAt(verdict, input, deadline),
    plannedStop: worker.plannedStop,
    policy,
  };
}

function verdictOf(rules: readonly Rule[], input: IdleDecisionInput, window: IdleWindow | null): Verdict {
  const forbids = (name: RuleName) => rules.some(({ rule, outcome }) => rule === name && outcome === 'fail');
  if (forbids('wanted-running')) return 'not-applicable';
  if (forbids('not-protected')) return 'protected';
  if (forbids('not-snoozed')) return 'snoozed';
  if (rules.some(({ rule, outcome }) => rule.endsWith('-idle') && outcome === 'fail')) return 'in-use';
  if (!window) return 'unknown';
  if (rules.every(({ outcome }) => outcome === 'pass')) return 'stop';
  const nearAt = plus(window.fullAt, -longestWarningMinutes(input.policy) * MINUTE);
  const near = standingStop(input.worker, window) !== null || input.now >= nearAt;
  return near && window.readOnce.length === 0 ? 'warn' : 'idle-waiting';
}

/** The rules that made the verdict. */
function reasonOf(verdict: Verdict, rules: readonly Rule[]): string {
  const says = (...wanted: RuleName[]) => rules.filter(({ rule }) => wanted.includes(rule));
  const signals = rules.filter(({ rule }) => rule.endsWith('-idle') || rule === 'last-activity');
  const decisive: Record<Verdict, readonly Rule[]> = {
    'not-applicable': says('wanted-running'),
    protected: says('not-protected'),
    snoozed: says('not-snoozed'),
    'in-use': signals.filter(({ outcome }) => outcome === 'fail'),
    unknown: signals.filter(({ outcome }) => outcome === 'unknown'),
    'idle-waiting': says('idle-window'),
    warn: says('idle-window', 'announced'),
    held: [],
    stop: says('idle-window', 'announced'),
  };
  return decisive[verdict].map(({ detail }) => detail).join(' ');
}

function nextDecisionAt(
  verdict: Verdict,
  { worker, policy, now }: IdleDecisionInput,
  deadline: Date | null,
): Date | null {
  switch (verdict) {
    case 'protected':
      return worker.protection?.expiresAt ?? null;
    case 'snoozed':
      return worker.snooze?.until ?? null;
    case 'idle-waiting':
      return deadline && plus(deadline, -longestWarningMinutes(policy) * MINUTE);
    case 'warn':
      return deadline;
    case 'stop':
      return now;
    case 'in-use':
    case 'unknown':
    case 'not-applicable':
    case 'held':
      return null;
  }
}
