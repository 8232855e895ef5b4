import { MINUTE, plus } from '../../kernel/clocks';
import { CMLWorkerStopPreparedDomainEvent, type WorkerEvent } from './worker-events';
import { type Intent, type StopPrepared, type WorkerState } from './worker-state';

/** How long a forced stop waits at most for its labs to be stopped in order. */
export const STOP_LABS_WITHIN_MS = 10 * MINUTE;

/** The same where the CML server was not known to be usable when the stop was asked for: it may never be. */
export const REACH_SERVER_WITHIN_MS = 2 * MINUTE;

/** What belongs to the intent of a stop at `at` that stops the labs first. A server that falls silent later cuts none short. */
export function labsFirst({ serviceStatus }: WorkerState, at: Date): Pick<Intent, 'stopLabs' | 'stopBy'> {
  const withinMs = serviceStatus === 'AVAILABLE' ? STOP_LABS_WITHIN_MS : REACH_SERVER_WITHIN_MS;
  return { stopLabs: true, stopBy: plus(at, withinMs) };
}

/** When the instance is stopped whatever still runs on it. */
export function stopBy({ desired }: Pick<WorkerState, 'desired'>): Date {
  return desired.stopBy ?? plus(desired.at, STOP_LABS_WITHIN_MS);
}

/** Whether its stop waits until its labs are stopped in order, and their topologies kept. */
export function awaitsLabs(state: WorkerState, now: Date): boolean {
  const { desired } = state;
  if (desired.state !== 'STOPPED' || !desired.stopLabs || now >= stopBy(state)) return false;
  return state.stopPrepared?.intentAt.getTime() !== desired.at.getTime();
}

/** Only for the intent that it belongs to: what was done for an earlier one says nothing. Told once. */
export function recordStopPrepared(state: WorkerState, prepared: StopPrepared): WorkerEvent[] {
  const { desired, stopPrepared } = state;
  const intentAt = prepared.intentAt.getTime();
  const isWanted = desired.state === 'STOPPED' && desired.at.getTime() === intentAt;
  if (!isWanted || stopPrepared?.intentAt.getTime() === intentAt) return [];
  return [new CMLWorkerStopPreparedDomainEvent(state.id, prepared)];
}
