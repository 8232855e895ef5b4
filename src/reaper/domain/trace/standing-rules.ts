import { type IdleDecisionInput, type WorkerFacts } from '../signals/idle-input';
import { type Rule, type RuleOutcome } from './rule';
import { duration, moment } from './words';

/** The reaper stops only what runs and is meant to run; of a status that nobody knows it cannot tell. */
export function findWantedRunning({ worker }: IdleDecisionInput): RuleOutcome['outcome'] {
  if (worker.desiredState !== 'RUNNING') return 'fail';
  if (worker.status === 'UNKNOWN') return 'unknown';
  return worker.status === 'RUNNING' ? 'pass' : 'fail';
}

/** The protection that holds now. */
export function findProtection({ worker, now }: IdleDecisionInput): WorkerFacts['protection'] {
  const { protection } = worker;
  return protection?.expiresAt && protection.expiresAt <= now ? null : protection;
}

/** The snooze that holds now. */
export function findSnooze({ worker: { snooze }, now }: IdleDecisionInput): WorkerFacts['snooze'] {
  return snooze && snooze.until > now ? snooze : null;
}

export function wantedRunning(input: IdleDecisionInput): Rule {
  const { status, desiredState } = input.worker;
  const outcome = findWantedRunning(input);
  return {
    rule: 'wanted-running',
    outcome,
    detail: `It is ${status} and wanted ${desiredState}.`,
    remedy: outcome === 'pass' ? null : 'It would have to be RUNNING, and wanted RUNNING.',
  };
}

export function notProtected(input: IdleDecisionInput): Rule {
  const rule = 'not-protected';
  const protection = findProtection(input);
  if (!protection) return { rule, outcome: 'pass', detail: 'It is not protected.', remedy: null };
  const { by, reason, expiresAt } = protection;
  const until = expiresAt ? `until ${moment(expiresAt)}` : 'until lifted';
  return {
    rule,
    outcome: 'fail',
    detail: `Protected by ${by} ${until}: ${reason}.`,
    remedy: 'Its protection would have to end or be lifted.',
  };
}

export function notSnoozed(input: IdleDecisionInput): Rule {
  const rule = 'not-snoozed';
  const snooze = findSnooze(input);
  if (!snooze) return { rule, outcome: 'pass', detail: 'It is not snoozed.', remedy: null };
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
