import { plus } from '../../kernel/clocks';
import { lowerFence } from './fence';
import { WorkerUsed } from './worker-errors';
import { CMLWorkerUseNotedDomainEvent, type WorkerEvent } from './worker-events';
import { type UseKind, type WorkerState } from './worker-state';

/** Who did something, and when in fleet time. */
export interface Act {
  readonly by: string;
  readonly at: Date;
}

/**
 * What goes with a person's act; what the system does is no use. Each use is later than the one before, whatever the
 * clock of another process said: by its time a decision knows whether there was one since.
 */
export function used(state: WorkerState, kind: UseKind, { by, at }: Act): WorkerEvent[] {
  if (by.startsWith('system:')) return [];
  const before = state.lastUse?.at;
  const use = { kind, by, at: before && at <= before ? plus(before, 1) : at };
  return [new CMLWorkerUseNotedDomainEvent(state.id, { use }), ...lowerFence(state, at)];
}

/** @throws WorkerUsed if its last use is another one than was known; undefined asks for nothing */
export function mustBeUnusedSince(state: WorkerState, expectedUse: Date | null | undefined): void {
  if (expectedUse === undefined) return;
  const { lastUse } = state;
  if (lastUse && lastUse.at.getTime() !== expectedUse?.getTime()) throw new WorkerUsed(state, lastUse);
}
