import { MINUTE, plus } from '../../kernel/clocks';
import { type ComputeError, type ComputeFailure } from './worker-errors';
import { type StatusReason } from './worker-state';

/**
 * When a refused call is tried again, in fleet time after the refusal. Null: not by itself, since the same request
 * would fail again until a person changes something and asks once more.
 */
const TRY_AGAIN_MS: Readonly<Record<ComputeFailure, number | null>> = {
  rejected: null,
  later: 2 * MINUTE,
  quota: 30 * MINUTE,
  credentials: 5 * MINUTE,
  'wrong-state': MINUTE,
  'not-found': MINUTE,
  'token-spent': MINUTE,
  unclear: MINUTE,
};

/** Capacity comes back in minutes or in hours: the pause doubles with each attempt, up to this. */
const LONGEST_PAUSE_MS = 30 * MINUTE;

/** Why the worker is not as wanted, from what AWS said; `attempt` counts from 1. */
export function reasonFor(error: ComputeError, attempt: number, now: Date): StatusReason {
  const pause = TRY_AGAIN_MS[error.failure];
  const grown = pause && Math.min(pause * 2 ** (attempt - 1), Math.max(LONGEST_PAUSE_MS, pause));
  return {
    code: error.awsCode,
    message: error.message,
    at: now,
    nextTryAt: grown === null ? null : plus(now, grown),
  };
}
