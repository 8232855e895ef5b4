import { type IdleDecisionInput } from './idle-input';
import { type Rule } from './rule';
import { duration, moment } from './words';

/** The reaper stops only what runs and is meant to run. */
export function wantedRunning({ worker: { status, desiredState } }: IdleDecisionInput): Rule {
  const applies = status === 'RUNNING' && desiredState === 'RUNNING';
  return {
    rule: 'wanted-running',
    outcome: applies ? 'pass' : 'fail',
    detail: `It is ${status} and wanted ${desiredState}.`,
    remedy: applies ? null : 'It would have to be RUNNING, and wanted RUNNING.',
  };
}

export function notProtected({ worker: { protection }, now }: IdleDecisionInput): Rule {
  const rule = 'not-protected';
  if (!protection || (protection.expiresAt && protection.expiresAt <= now)) {
    return { rule, outcome: 'pass', detail: 'It is not protected.', remedy: null };
  }
  const { by, reason, expiresAt } = protection;
  const until = expiresAt ? `until ${moment(expiresAt)}` : 'until lifted';
  return {
    rule,
    outcome: 'fail',
    detail: `Protected by ${by} ${until}: ${reason}.`,
    remedy: 'Its protection would have to end or be lifted.',
  };
}

export function notSnoozed({ worker: { snooze }, now }: IdleDecisionInput): Rule {
  const rule = 'not-snoozed';
  if (!snooze || snooze.until <= now) {
    return { rule, outcome: 'pass', detail: 'It is not snoozed.', remedy: null };
  }
  return {
    rule,
    outcome: 'fail',
    detail: `Snoozed by ${snooze.by} until ${moment(snooze.until)}.`,
    remedy: 'Its snooze would have to end or be lifted.',
  };
}

/** Its age is part of the idle window; here it must only be known. */
export function lastActivityKnown({ worker: { lastActivityAt }, now }: IdleDecisionInput): Rule {
  const rule = 'last-activity';
  if (!lastActivityAt) {
    return {
      rule,
      outcome: 'unknown',
      detail: 'Last activity: not known.',
      remedy: 'Its last activity would have to become known.',
    };
  }
  const age = duration(Math.max(0, now.getTime() - lastActivityAt.getTime()));
  const detail = `Last activity: ${moment(lastActivityAt)} (${age} ago).`;
  return { rule, outcome: 'pass', detail, remedy: null };
}
