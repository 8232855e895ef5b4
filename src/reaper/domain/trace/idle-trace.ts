import { announcedRule, noticedRule } from './announcement-rules';
import { courseOf } from '../judgement/course';
import { type Judgement } from '../decision/decision';
import { type IdleDecisionInput, type StopCause } from '../signals/idle-input';
import { IDLE_SIGNALS } from '../signals/idle-signals';
import { idleWindow } from '../judgement/idle-window';
import { restraintRules } from './restraint-rules';
import { type Rule, type RuleName } from './rule';
import { findUse, isJudged } from '../signals/signal-finding';
import { signalRule } from './signal-rule';
import { lastActivityKnown, notProtected, notSnoozed, wantedRunning } from './standing-rules';
import { uptimeRules } from './uptime-rules';
import { windowRule } from './window-rule';

/** A judgement in words. */
export interface IdleTrace {
  readonly rules: readonly Rule[];
  readonly reason: string;
  readonly wouldHaveToChange: readonly string[];
}

/** Explains what `judge` said of the same input. */
export function traceOf(input: IdleDecisionInput, judgement: Judgement): IdleTrace {
  const rules = rulesOf(input, judgement.cause);
  const decisive = decisiveIn(rules, judgement);
  return {
    rules,
    reason: decisive.map(({ detail }) => detail).join(' '),
    wouldHaveToChange: remediesIn(rules, judgement),
  };
}

function rulesOf(input: IdleDecisionInput, cause: StopCause | null): readonly Rule[] {
  const applies = wantedRunning(input);
  if (applies.outcome !== 'pass') return [applies];
  const window = findUse(input) === 'pass' ? idleWindow(input) : null;
  const course = courseOf(input, window);
  const judged = IDLE_SIGNALS.filter((signal) => isJudged(signal, input.policy));
  return [
    ...[applies, notProtected(input), notSnoozed(input)],
    ...judged.map((signal) => signalRule(signal, input)),
    ...[lastActivityKnown(input), windowRule(input, window, course?.cause ?? 'idle')],
    // where idleness leads to the stop the maximum uptime does not count
    ...(cause === 'idle' || cause === 'schedule' ? [] : uptimeRules(input)),
    ...[announcedRule(input, window, course), noticedRule(input, course)],
    ...restraintRules(input),
  ];
}

/** Those that tell whether it is idle, and for how long. */
function isOfIdleness({ rule }: Rule): boolean {
  return rule.endsWith('-idle') || rule === 'last-activity' || rule === 'idle-window';
}

function isOfUptime({ rule }: Rule): boolean {
  return rule === 'max-uptime' || rule === 'labs-not-running';
}

/** The rules that made the verdict. */
function decisiveIn(rules: readonly Rule[], { verdict, cause, restraints }: Judgement): readonly Rule[] {
  const named = (...names: readonly RuleName[]) => rules.filter(({ rule }) => names.includes(rule));
  const of = (outcome: Rule['outcome']) =>
    rules.filter((rule) => isOfIdleness(rule) && rule.rule !== 'idle-window' && rule.outcome === outcome);
  const road =
    cause === 'max-uptime' ? [...of('unknown'), ...rules.filter(isOfUptime)] : named('idle-window');
  switch (verdict) {
    case 'not-applicable':
      return named('wanted-running');
    case 'protected':
      return named('not-protected');
    case 'snoozed':
      return named('not-snoozed');
    case 'in-use':
      return of('fail');
    case 'unknown':
      return rules.length === 1 ? rules : [...of('unknown'), ...rules.filter(isOfUptime)];
    case 'idle-waiting':
      // the window is over, so that something else is waited for
      return road.every(({ outcome }) => outcome === 'pass') ? [...road, ...named('announced')] : road;
    case 'held':
      return [...road, ...named(...restraints)];
    case 'warn':
    case 'stop':
      return [...road, ...named('announced')];
  }
}

/** What does not lead to the stop that is under way need not change. */
function remediesIn(rules: readonly Rule[], { verdict, cause }: Judgement): string[] {
  if (verdict === 'stop') return [];
  const counts =
    cause === 'max-uptime' && verdict !== 'unknown' ? (rule: Rule) => !isOfIdleness(rule) : () => true;
  return rules.filter(counts).flatMap(({ remedy }) => (remedy === null ? [] : [remedy]));
}
