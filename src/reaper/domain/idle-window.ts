import { latest, MINUTE, plus } from '../../kernel/clocks';
import { type IdleDecisionInput } from './idle-input';
import { type IdleSignal } from './idle-signals';
import { type Rule } from './rule';
import { LABEL } from './signal-rule';
import { duration, moment } from './words';

/** A time without any sign of use, up to now. */
export interface IdleWindow {
  readonly since: Date;
  /** when it has lasted as long as the policy asks */
  readonly fullAt: Date;
  /** signals whose idleness rests on a single reading, which could be a slip */
  readonly readOnce: readonly IdleSignal[];
}

/** One slip of a reading must not stop a worker. */
const LEAST_READINGS = 2;

/**
 * The window of a worker whose required signals are all idle and whose last activity is known: it begins with the last
 * of them, and not before the instance's present run. Null for any other.
 */
export function idleWindow({ policy, observations, worker }: IdleDecisionInput): IdleWindow | null {
  let since = latest(worker.lastActivityAt, worker.runningSince);
  if (!worker.lastActivityAt || !since) return null;
  const readOnce: IdleSignal[] = [];
  for (const name of policy.requiredSignals) {
    if (name === 'api') continue;
    const signal = observations.signals[name];
    if (signal?.value !== 'idle') return null;
    since = signal.from > since ? signal.from : since;
    if (signal.readings < LEAST_READINGS) readOnce.push(name);
  }
  return { since, fullAt: plus(since, policy.idleThresholdMinutes * MINUTE), readOnce };
}

export function windowRule({ policy, now }: IdleDecisionInput, window: IdleWindow | null): Rule {
  const rule = 'idle-window';
  if (!window) {
    const detail = 'Idle window: none, while a sign of use is active or unknown.';
    return { rule, outcome: 'unknown', detail, remedy: null };
  }
  const { since, fullAt, readOnce } = window;
  const lasted = duration(Math.max(0, now.getTime() - since.getTime()));
  const began = `Idle window: since ${moment(since)} (${lasted})`;
  const threshold = duration(policy.idleThresholdMinutes * MINUTE);
  if (now < fullAt) {
    return {
      rule,
      outcome: 'fail',
      detail: `${began}, the threshold is ${threshold}.`,
      remedy: `It would have to stay idle until ${moment(fullAt)}.`,
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
  return { rule, outcome: 'pass', detail: `${began}, the threshold of ${threshold} is over.`, remedy: null };
}
