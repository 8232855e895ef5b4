import { type IdleDecisionInput } from '../signals/idle-input';
import { type BudgetLimit, type ReaperPause } from '../policy/stop-budget';
import { type RuleName } from '../trace/rule';

/** What holds off a stop that is due or announced. */
export type Restraint = Extract<RuleName, 'noticed' | 'not-paused' | 'breaker' | 'calendar' | 'budget'>;

/** The pause that stands now. */
export function findPause({ budget: { paused }, now }: IdleDecisionInput): ReaperPause | null {
  return paused && (!paused.until || paused.until > now) ? paused : null;
}

export function usedUpLimits({ budget: { limits } }: IdleDecisionInput): readonly BudgetLimit[] {
  return limits.filter(({ used, allowed }) => used >= allowed);
}

/** Switched off by a person, or until a person says that it was right: then nothing is announced either. */
export function switchedOff(input: IdleDecisionInput): Restraint[] {
  const restraints: Restraint[] = [];
  if (findPause(input)) restraints.push('not-paused');
  if (input.budget.breaker) restraints.push('breaker');
  return restraints;
}

/** All that holds off a stop at this moment. */
export function holdingNow(input: IdleDecisionInput): Restraint[] {
  const restraints = switchedOff(input);
  if (input.calendar.holdAt(input.now)) restraints.push('calendar');
  if (input.budget.limits.some(({ used, allowed }) => used >= allowed)) restraints.push('budget');
  return restraints;
}

/** When the first of these ends by itself; null: none does, as far as is known. */
export function firstEndOf(restraints: readonly RuleName[], input: IdleDecisionInput): Date | null {
  const ends: (Date | null | undefined)[] = [];
  if (restraints.includes('not-paused')) ends.push(findPause(input)?.until);
  if (restraints.includes('calendar')) ends.push(input.calendar.holdAt(input.now)?.until);
  if (restraints.includes('budget')) ends.push(...usedUpLimits(input).map(({ freesAt }) => freesAt));
  return ends.reduce<Date | null>((first, end) => (end && (!first || end < first) ? end : first), null);
}
