import { MINUTE, plus } from '../../kernel/clocks';
import { type IdleDecisionInput, type WorkerFacts } from './idle-input';
import { longestWarningMinutes } from './idle-policy';
import { type IdleWindow } from './idle-window';
import { type Rule } from './rule';
import { duration, moment } from './words';

/**
 * The announced stop, if it still holds: one whose time lies before the window's end was announced for an idle time
 * that use has interrupted since.
 */
export function standingStop({ plannedStop }: WorkerFacts, window: IdleWindow | null): { at: Date } | null {
  return window && plannedStop && plannedStop.at >= window.fullAt ? plannedStop : null;
}

/** When the stop is due, if nothing changes: after the whole window, and not without its warning. */
export function stopDueAt({ worker, policy, now }: IdleDecisionInput, window: IdleWindow): Date {
  const standing = standingStop(worker, window);
  if (standing) return standing.at;
  const warned = plus(now, longestWarningMinutes(policy) * MINUTE);
  return warned > window.fullAt ? warned : window.fullAt;
}

/** Whether the stop was announced, long enough ago. */
export function announcedRule({ worker, policy, now }: IdleDecisionInput, window: IdleWindow | null): Rule {
  const rule = 'announced';
  const standing = standingStop(worker, window);
  if (standing && standing.at <= now) {
    const detail = `Stop: announced for ${moment(standing.at)}, which has come.`;
    return { rule, outcome: 'pass', detail, remedy: null };
  }
  if (standing) {
    return {
      rule,
      outcome: 'fail',
      detail: `Stop: announced for ${moment(standing.at)}.`,
      remedy: `The announced time, ${moment(standing.at)}, would have to come.`,
    };
  }
  const remedy = `The stop would have to be announced ${duration(longestWarningMinutes(policy) * MINUTE)} ahead.`;
  const { plannedStop } = worker;
  const detail = plannedStop
    ? `Stop: announced for ${moment(plannedStop.at)}, but it was not idle throughout.`
    : 'Stop: not announced.';
  return { rule, outcome: 'fail', detail, remedy };
}
