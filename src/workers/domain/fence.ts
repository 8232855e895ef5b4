import { CMLWorkerFenceUpdatedDomainEvent, type WorkerEvent } from './worker-events';
import { type WorkerState } from './worker-state';

/** Whether its fence counts, in machine time. */
export function isFenced({ fence }: Pick<WorkerState, 'fence'>, machineNow: Date): boolean {
  return fence !== null && fence.until > machineNow;
}

/** Sessions are offered again. Of this decision only, unless null. */
export function lowerFence(state: WorkerState, now: Date, decisionId: string | null = null): WorkerEvent[] {
  const { fence } = state;
  if (fence === null || (decisionId !== null && fence.decisionId !== decisionId)) return [];
  return [new CMLWorkerFenceUpdatedDomainEvent(state.id, { fence: null, updatedAt: now })];
}
