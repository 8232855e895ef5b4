import { HOUR, MINUTE, plus, SECOND } from '../../kernel/clocks';
import { type ComputeError, type ComputeFailure } from './worker-errors';
import { type StatusReason } from './worker-state';

interface Pause {
  readonly shortest: number;
  readonly longest: number;
}

/**
 * When a refused call is tried again, in fleet time after the refusal. Null: not by itself, since the same request
 * would fail again until a person changes something and asks once more.
 */
const PAUSES: Readonly<Record<ComputeFailure, Pause | null>> = {
  rejected: null,
  capacity: { shortest: MINUTE, longest: 30 * MINUTE },
  placement: { shortest: 5 * MINUTE, longest: HOUR },
  quota: { shortest: 10 * MINUTE, longest: HOUR },
  throttled: { shortest: 30 * SECOND, longest: 5 * MINUTE },
  unreachable: { shortest: 30 * SECOND, longest: 5 * MINUTE },
  later: { shortest: MINUTE, longest: 30 * MINUTE },
  credentials: { shortest: 2 * MINUTE, longest: 15 * MINUTE },
  'wrong-state': { shortest: MINUTE, longest: 5 * MINUTE },
  'not-found': { shortest: MINUTE, longest: 5 * MINUTE },
  'token-spent': { shortest: MINUTE, longest: 5 * MINUTE },
  unclear: { shortest: MINUTE, longest: 5 * MINUTE },
};

/** The share of a pause by which workers are spread, so that those that were refused together do not return together. */
const SPREAD = 0.4;

/** Whose call was refused, and since when it has been tried (fleet time). */
export interface Attempt {
  readonly workerId: string;
  readonly since: Date;
}

/** Why the worker is not as wanted, from what AWS said. */
export function reasonFor(error: ComputeError, attempt: Attempt, now: Date): StatusReason {
  const pause = PAUSES[error.failure];
  return {
    code: error.awsCode,
    message: error.message,
    at: now,
    nextTryAt: pause && plus(now, pauseMs(pause, attempt, now)),
  };
}

/**
 * Half of the time that has been tried for, within bounds: pauses grow by half each, and nothing has to be counted. Up to
 * 40 % come off, by worker and moment.
 */
function pauseMs({ shortest, longest }: Pause, { workerId, since }: Attempt, now: Date): number {
  const grown = Math.min(Math.max((now.getTime() - since.getTime()) / 2, shortest), longest);
  return Math.round(grown * (1 - SPREAD * fractionOf(`${workerId}/${now.getTime()}`)));
}

/** A number from 0 to below 1 that a text always has, and that differs between alike texts (FNV-1a, 32 bits). */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
