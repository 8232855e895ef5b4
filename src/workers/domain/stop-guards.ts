import {
  CMLWorkerPlannedStopUpdatedDomainEvent,
  CMLWorkerProtectionUpdatedDomainEvent,
  CMLWorkerSnoozeUpdatedDomainEvent,
  type WorkerEvent,
} from './worker-events';
import { mustBeManaged } from './wishes';
import { type PlannedStop, type Protection, type Snooze, type WorkerState } from './worker-state';

/** No automatic stop until a time; null lifts it. A new snooze replaces the one before, and calls off a planned stop. */
export function setSnooze(state: WorkerState, snooze: Snooze | null, now: Date): WorkerEvent[] {
  mustBeManaged(state, 'snoozed');
  if (!snooze && !state.snooze) return [];
  return [
    new CMLWorkerSnoozeUpdatedDomainEvent(state.id, { snooze, updatedAt: now }),
    ...(snooze ? setPlannedStop(state, null, now) : []),
  ];
}

/** No automatic stop until lifted, or until it expires; null lifts it. */
export function setProtection(state: WorkerState, protection: Protection | null, now: Date): WorkerEvent[] {
  mustBeManaged(state, 'protected');
  if (!protection && !state.protection) return [];
  return [
    new CMLWorkerProtectionUpdatedDomainEvent(state.id, { protection, updatedAt: now }),
    ...(protection ? setPlannedStop(state, null, now) : []),
  ];
}

/** Announces an automatic stop, moves it to another time, or calls it off (null). */
export function setPlannedStop(
  state: WorkerState,
  plannedStop: PlannedStop | null,
  now: Date,
): WorkerEvent[] {
  if (state.plannedStop?.at.getTime() === plannedStop?.at.getTime()) return [];
  return [new CMLWorkerPlannedStopUpdatedDomainEvent(state.id, { plannedStop, updatedAt: now })];
}

export function isSnoozed(state: WorkerState, now: Date): boolean {
  return state.snooze !== null && state.snooze.until > now;
}

export function isProtected(state: WorkerState, now: Date): boolean {
  const { protection } = state;
  return protection !== null && (protection.expiresAt === null || protection.expiresAt > now);
}
