import { MINUTE } from '../../../kernel/clocks';
import { type CalendarHold } from '../policy/calendar';
import { type IdleDecisionInput } from '../signals/idle-input';
import { findPause, usedUpLimits } from '../judgement/restraints';
import { type Rule, type RuleName } from './rule';
import { type BudgetLimit } from '../policy/stop-budget';
import { duration, moment } from './words';

/** What may hold a stop off that is due otherwise. */
export function restraintRules(input: IdleDecisionInput): Rule[] {
  return [notPaused(input), breakerRule(input), calendarRule(input), budgetRule(input)];
}

const passes = (rule: RuleName, detail: string): Rule => ({ rule, outcome: 'pass', detail, remedy: null });
const fails = (rule: RuleName, detail: string, remedy: string): Rule => ({
  rule,
  outcome: 'fail',
  detail,
  remedy,
});

function notPaused(input: IdleDecisionInput): Rule {
  const pause = findPause(input);
  if (!pause) return passes('not-paused', 'Pause: automatic stops are not paused.');
  const until = pause.until ? `until ${moment(pause.until)}` : 'until they are resumed';
  const detail = `Pause: automatic stops are paused by ${pause.by} ${until}: ${pause.reason}.`;
  return fails('not-paused', detail, 'The pause of all automatic stops would have to end.');
}

function breakerRule({ budget: { breaker } }: IdleDecisionInput): Rule {
  if (!breaker) return passes('breaker', 'Breaker: closed.');
  const { openedAt, stops, running } = breaker;
  const detail = `Breaker: open since ${moment(openedAt)}, ${stops} of ${running} running workers were to be stopped.`;
  return fails('breaker', detail, 'A person would have to say that so many stops were right, and resume.');
}

function calendarRule({ calendar, now }: IdleDecisionInput): Rule {
  const hold = calendar.holdAt(now);
  if (!hold && calendar.nextAllowed(now) === null) {
    const detail = 'Calendar: it allows no automatic stop within 400 days.';
    return fails('calendar', detail, 'The calendar would have to allow a stop.');
  }
  if (!hold) return passes('calendar', 'Calendar: nothing forbids a stop now.');
  const until = hold.until ? ` until ${moment(hold.until)}` : '';
  const remedy = hold.until ? `${moment(hold.until)} would have to come` : 'It would have to allow a stop';
  return fails('calendar', `Calendar: ${holdWords(hold)}${until}.`, `Calendar: ${remedy}.`);
}

function holdWords({ kind, name }: CalendarHold): string {
  switch (kind) {
    case 'never':
      return `no automatic stop inside "${name}"`;
    case 'maintenance':
      return `no automatic stop inside the maintenance "${name}"`;
    case 'outside-maintenance':
      return `no automatic stop outside maintenance, the next of which is "${name}"`;
  }
}

function budgetRule(input: IdleDecisionInput): Rule {
  const { limits } = input.budget;
  if (limits.length === 0) return passes('budget', 'Budget: none is set.');
  const usedUp = usedUpLimits(input);
  if (usedUp.length === 0) return passes('budget', `Budget: ${limits.map(limitWords).join(', ')}.`);
  const frees = usedUp.map(({ freesAt }) => (freesAt ? `, free again at ${moment(freesAt)}` : ''));
  const detail = usedUp.map((limit, index) => `${limitWords(limit)}${frees[index] ?? ''}`).join('; ');
  return fails(
    'budget',
    `Budget: used up, ${detail}.`,
    'The budget of automatic stops would have to be free.',
  );
}

function limitWords({ scope, used, allowed, windowMinutes }: BudgetLimit): string {
  return `${used} of ${allowed} stops in ${duration(windowMinutes * MINUTE)} (${scope})`;
}
