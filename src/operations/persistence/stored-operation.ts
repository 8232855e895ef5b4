import { hasEnded, type NewOperation, type Operation, type OperationSummary } from '../domain/operation';
import { type OperationEnd, type OperationProgress } from '../domain/ports';

/** Machine milliseconds after its end. */
export const LIFE_MS = 30 * 24 * 3_600_000;

/** Earlier than any clock says: due at once, whichever clock it is compared with. */
export const AT_ONCE = new Date(0);

/** An operation with who carries it out. */
export interface StoredOperation extends Operation {
  /** not ended: what a look for work is about */
  readonly active: boolean;
  /** when it may be claimed; by the store's clock */
  readonly dueAt: Date;
  readonly owner: string | null;
  readonly fence: number;
  /** machine time of its end, which the end of its life counts from */
  readonly endedAt: Date | null;
}

export function freshOperation(given: NewOperation): StoredOperation {
  return {
    ...given,
    state: 'pending',
    progress: 0,
    message: null,
    startedAt: null,
    finishedAt: null,
    error: null,
    result: null,
    cancelledBy: null,
    active: true,
    dueAt: AT_ONCE,
    owner: null,
    fence: 0,
    endedAt: null,
  };
}

export function toOperation(stored: StoredOperation): Operation {
  const { active: _active, dueAt: _dueAt, owner: _owner, fence: _fence, endedAt: _endedAt, ...rest } = stored;
  return rest;
}

export function toSummary(operation: Operation): OperationSummary {
  const { input: _input, result: _result, ...rest } = operation;
  return rest;
}

export function changesOf({ progress, message, result }: OperationProgress): Partial<StoredOperation> {
  return { progress, message, ...(result && { result }) };
}

/** A message of null leaves what the operation said last. */
export function endOf(
  { state, message, result, error, finishedAt }: OperationEnd,
  endedAt: Date,
): Partial<StoredOperation> {
  return {
    ...{ state, error, finishedAt, endedAt },
    ...(message !== null && { message }),
    ...(state === 'succeeded' && { progress: 1 }),
    ...(result && { result }),
    active: !hasEnded({ state }),
    owner: null,
  };
}
