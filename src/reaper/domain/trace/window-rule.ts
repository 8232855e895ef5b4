import { type StopCause, type IdleDecisionInput } from '../signals/idle-input';
import { type IdleWindow, keptByUseUntil, windowEnd } from '../judgement/idle-window';
import { type Rule } from './rule';
import { LABEL } from './signal-rule';
import { askedMs, scheduledStop } from '../judgement/stop-roads';
import { duration, moment } from './words';

/** Whether it was idle for long enough, for a stop of that cause. */
export function windowRule(input: IdleDecisionInput, window: IdleWindow | null, cause: StopCause): Rule {
  const rule = 'idle-window';
  if (!window) {
    const detail = 'Idle window: none, while a sign of use is active or unknown.';
    return { rule, outcome: 'unknown', detail, remedy: null };
  }
  const { since, readOnce } = window;
  const asked = askedMs(cause, input.policy);
  const fullAt = windowEnd(input, window, asked);
  const lasted = duration(Math.max(0, input.now.getTime() - since));
  const began = `Idle window: since ${moment(new Date(since))} (${lasted})`;
  const threshold = `${thresholdOf(input, cause, fullAt)} ${duration(asked)}`;
  if (input.now.getTime() < fullAt) {
    return {
      rule,
      outcome: 'fail',
      detail: `${began}, ${threshold}${keptByUse(input, since + asked)}.`,
      remedy: `It would have to stay idle until ${moment(new Date(fullAt))}.`,
    };
  }
  if (readOnce.length > 0) {
    return {
      rule,
      outcome: 'fail',
      detail: `${began}, but ${readOnce.map((signal) => LABEL[signal]).join(', ')} read only once.`,
      remedy: 'Another reading would have to find it idle.',
    };
  }
  return { rule, outcome: 'pass', detail: `${began}, ${threshold}, which is over.`, remedy: null };
}

function thresholdOf(input: IdleDecisionInput, cause: StopCause, fullAt: number): string {
  const stop = cause === 'schedule' ? scheduledStop(input, fullAt) : null;
  return stop ? `the scheduled stop "${stop.name}" of ${moment(stop.at)} asks for` : 'the threshold is';
}

function keptByUse(input: IdleDecisionInput, otherwise: number): string {
  const until = keptByUseUntil(input);
  return until !== null && until > otherwise
    ? `, and its last use keeps it until ${moment(new Date(until))}`
    : '';
}
