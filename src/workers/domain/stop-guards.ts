import {
  CMLWorkerFenceUpdatedDomainEvent,
  CMLWorkerPlannedStopUpdatedDomainEvent,
  CMLWorkerProtectionUpdatedDomainEvent,
  CMLWorkerSnoozeUpdatedDomainEvent,
  CMLWorkerStopWithdrawnDomainEvent,
  type WorkerEvent,
} from './worker-events';
import { MINUTE, plus } from '../../kernel/clocks';
import { outsideIntent } from './drift';
import { isFenced, lowerFence } from './fence';
import { wasFulfilled } from './fulfilment';
import { explain } from './launching';
import { type Act, mustBeUnusedSince, used } from './uses';
import { mustBeManaged, mustNotBeRefusedLately } from './wishes';
import { InvalidTransition } from './worker-errors';
import {
  type PlannedStop,
  type Fence,
  type Protection,
  type Snooze,
  type UseKind,
  type WorkerState,
} from './worker-state';

/**
 * No automatic stop until a time; null lifts it. A new snooze replaces the one before, calls off a planned stop, and takes
 * back one that is wanted but not known to be sent.
 */
export function setSnooze(state: WorkerState, snooze: Snooze | null, now: Date): WorkerEvent[] {
  mustBeManaged(state, 'snoozed');
  if (!snooze && !state.snooze) return [];
  return [
    new CMLWorkerSnoozeUpdatedDomainEvent(state.id, { snooze, updatedAt: now }),
    ...(snooze
      ? [...stopsCalledOff(state, snooze.by, 'snoozed', now), ...used(state, 'snooze', snooze)]
      : []),
  ];
}

/** No automatic stop until lifted, or until it expires; null lifts it. It calls stops off as a snooze does. */
export function setProtection(state: WorkerState, protection: Protection | null, now: Date): WorkerEvent[] {
  mustBeManaged(state, 'protected');
  if (!protection && !state.protection) return [];
  return [
    new CMLWorkerProtectionUpdatedDomainEvent(state.id, { protection, updatedAt: now }),
    ...(protection
      ? [...stopsCalledOff(state, protection.by, 'protected', now), ...lowerFence(state, now)]
      : []),
  ];
}

function stopsCalledOff(state: WorkerState, by: string, how: string, now: Date): WorkerEvent[] {
  return [...setPlannedStop(state, null, now), ...withdrawn(state, by, how, now)];
}

/**
 * An automatic stop that AWS has not answered yet is wanted no more. It has not converged by that: should AWS have got the
 * call after all, the worker is started again.
 */
function withdrawn(state: WorkerState, by: string, how: string, now: Date): WorkerEvent[] {
  const { id, desired, status } = state;
  const isAutomatic = desired.state === 'STOPPED' && desired.sendBefore !== null;
  if (!isAutomatic || status !== 'RUNNING' || wasFulfilled(state)) return [];
  const reason = `it was ${how} before its automatic stop was sent`;
  const wanted = outsideIntent('RUNNING', by, reason, now);
  const { decisionId } = desired;
  return [
    new CMLWorkerStopWithdrawnDomainEvent(id, { decisionId, desired: wanted }),
    ...explain(state, null, now),
  ];
}

/** Announces an automatic stop, moves it to another time or cause, or calls it off (null). */
export function setPlannedStop(
  state: WorkerState,
  plannedStop: PlannedStop | null,
  now: Date,
): WorkerEvent[] {
  const before = state.plannedStop;
  const same = before?.at.getTime() === plannedStop?.at.getTime() && before?.cause === plannedStop?.cause;
  if (same) return [];
  return [new CMLWorkerPlannedStopUpdatedDomainEvent(state.id, { plannedStop, updatedAt: now })];
}

/** A fence counts no longer, however long somebody asks for: a process that died locks nobody out for more. */
export const FENCE_AT_MOST_MS = 2 * MINUTE;

/** What a fence depends on besides the state. */
export interface FenceTerms {
  readonly machineNow: Date;
  /** time of the latest use that the decision knew of, null for none; undefined does not ask */
  readonly expectedUse?: Date | null | undefined;
}

/**
 * No new session is offered from here on, for the stop of this decision.
 * @throws InvalidTransition for a worker that does not run, or is not wanted to; that is snoozed, protected, or fenced by
 * another decision; or that AWS refused to stop a while ago. WorkerUsed where somebody was faster
 */
export function raiseFence(
  state: WorkerState,
  fence: Fence,
  { machineNow, expectedUse }: FenceTerms,
): WorkerEvent[] {
  const refused = (remedy: string) => new InvalidTransition(state, 'fenced', remedy);
  if (state.status !== 'RUNNING' || state.desired.state !== 'RUNNING') {
    throw refused('Only one that runs, and is wanted to, is stopped by itself.');
  }
  if (isSnoozed(state, fence.at)) throw refused('It is snoozed.');
  if (isProtected(state, fence.at)) throw refused('It is protected.');
  mustBeUnusedSince(state, expectedUse);
  mustNotBeRefusedLately(state, fence.at);
  if (isFenced(state, machineNow)) {
    if (state.fence?.decisionId === fence.decisionId) return [];
    throw refused('Another decision is about to stop it.');
  }
  const latest = plus(machineNow, FENCE_AT_MOST_MS);
  const until = fence.until < latest ? fence.until : latest;
  const updatedAt = fence.at;
  return [new CMLWorkerFenceUpdatedDomainEvent(state.id, { fence: { ...fence, until }, updatedAt })];
}

/** A person keeps it alive. @throws InvalidTransition for a worker that nobody wants RUNNING: there is nothing to be kept */
export function noteUse(state: WorkerState, kind: UseKind, act: Act): WorkerEvent[] {
  mustBeManaged(state, 'kept alive');
  if (state.desired.state !== 'RUNNING') {
    throw new InvalidTransition(state, 'kept alive', 'Start it first.');
  }
  return used(state, kind, act);
}

export function isSnoozed(state: WorkerState, now: Date): boolean {
  return state.snooze !== null && state.snooze.until > now;
}

export function isProtected(state: WorkerState, now: Date): boolean {
  const { protection } = state;
  return protection !== null && (protection.expiresAt === null || protection.expiresAt > now);
}
