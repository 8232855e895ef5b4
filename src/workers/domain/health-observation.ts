import { type SweptReading } from './instance-reading';
import { type ScheduledEvent, type StatusCheck } from './instance-health';
import {
  CMLWorkerScheduledEventsUpdatedDomainEvent,
  CMLWorkerSpotInterruptionUpdatedDomainEvent,
  CMLWorkerStatusChecksUpdatedDomainEvent,
  type WorkerEvent,
} from './worker-events';
import { type WorkerState } from './worker-state';

/** What EC2 says about the health of an instance and about what AWS is going to do to it; what it does not say stays. */
export function observeHealth(state: WorkerState, reading: SweptReading, now: Date): WorkerEvent[] {
  return [
    ...statusChecks(state, reading, now),
    ...scheduledEvents(state, reading, now),
    ...interruption(state, reading, now),
  ];
}

function statusChecks(
  { id, status, checks }: WorkerState,
  { health }: SweptReading,
  now: Date,
): WorkerEvent[] {
  if (!health || status !== 'RUNNING') return [];
  const next = {
    system: verdict(health.checks.system) ?? checks?.system ?? null,
    instance: verdict(health.checks.instance) ?? checks?.instance ?? null,
  };
  const unchanged = next.system === (checks?.system ?? null) && next.instance === (checks?.instance ?? null);
  return unchanged ? [] : [new CMLWorkerStatusChecksUpdatedDomainEvent(id, { checks: next, updatedAt: now })];
}

/** A check that is still being made says nothing yet. */
function verdict(check: StatusCheck | null): 'ok' | 'impaired' | null {
  return check === 'ok' || check === 'impaired' ? check : null;
}

function scheduledEvents(state: WorkerState, { health }: SweptReading, now: Date): WorkerEvent[] {
  if (!health || sameEvents(health.scheduledEvents, state.scheduledEvents)) return [];
  const { scheduledEvents } = health;
  return [new CMLWorkerScheduledEventsUpdatedDomainEvent(state.id, { scheduledEvents, updatedAt: now })];
}

function sameEvents(a: readonly ScheduledEvent[], b: readonly ScheduledEvent[]): boolean {
  const keys = (events: readonly ScheduledEvent[]) =>
    events.map(({ id, code, notBefore }) => `${id}/${code}/${notBefore?.toISOString()}`).sort();
  return keys(a).join() === keys(b).join();
}

function interruption(state: WorkerState, reading: SweptReading, now: Date): WorkerEvent[] {
  const next = reading.interruption ?? null;
  if (reading.interruption === undefined || next?.code === state.interruption?.code) return [];
  // null is also what was not asked: an interruption that was announced stands until the instance is down
  if (next === null) return [];
  return [new CMLWorkerSpotInterruptionUpdatedDomainEvent(state.id, { interruption: next, updatedAt: now })];
}
