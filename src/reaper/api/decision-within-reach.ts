import { type Reach, FLEET } from '../../kernel/reach';
import { type ExplainedDecision } from '../domain/decision/decision';

type Rules = ExplainedDecision['rules'];

/** Rules that count workers of all of the fleet. */
const COUNTING: readonly Rules[number]['rule'][] = ['budget', 'breaker'];

/** The decision as it is told to somebody who has a part of the fleet: that the rest holds a stop off, but not how many there are. */
export function decisionWithin(reach: Reach, decision: ExplainedDecision): ExplainedDecision {
  if (reach === FLEET) return decision;
  const rules = decision.rules.map(toldWithoutCounts);
  const reason = decision.rules.reduce(
    (text, { detail }, index) => text.replaceAll(detail, rules[index]?.detail ?? detail),
    decision.reason,
  );
  return { ...decision, rules, reason };
}

function toldWithoutCounts(rule: Rules[number]): Rules[number] {
  if (!COUNTING.includes(rule.rule)) return rule;
  const what = rule.rule === 'budget' ? 'Budget' : 'Breaker';
  return {
    ...rule,
    detail: `${what}: ${rule.outcome === 'pass' ? 'it allows a stop' : 'it allows no stop now'}.`,
  };
}
