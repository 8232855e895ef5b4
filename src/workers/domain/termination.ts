import { MINUTE, plus } from '../../kernel/clocks';
import { CMLWorkerTerminationPreparedDomainEvent, type WorkerEvent } from './worker-events';
import { type Intent, type TerminationPrepared, type WorkerState } from './worker-state';

/** How long a termination waits at most for what is kept and given back before the instance is gone. */
export const PREPARE_TERMINATION_WITHIN_MS = 30 * MINUTE;

/** When the instance is terminated whatever could not be kept or given back. */
export function releaseBy({ at }: Intent): Date {
  return plus(at, PREPARE_TERMINATION_WITHIN_MS);
}

/**
 * Whether its termination waits until the topologies of its labs are kept and its licence is given back. Only where there
 * is something to be had: a server that nobody can connect to has shown no licence either, or Cisco may count one for it,
 * as also where it is INVALID or EXPIRED.
 */
export function awaitsPreparation(state: WorkerState, now: Date): boolean {
  const { desired, serviceStatus, terminationPrepared } = state;
  if (desired.force || now >= releaseBy(desired)) return false;
  const isPrepared = terminationPrepared?.intentAt.getTime() === desired.at.getTime();
  return !isPrepared && (mayBeLicensed(state) || serviceStatus === 'AVAILABLE');
}

/** Whether its licence stays in use at Cisco: a server that does not run cannot give it back, and is not started for it. */
export function leavesLicense(state: WorkerState): boolean {
  const { desired, status, terminationPrepared } = state;
  const isPrepared = terminationPrepared?.intentAt.getTime() === desired.at.getTime();
  const runs = status === 'RUNNING' || status === 'PENDING';
  return status !== 'TERMINATED' && mayBeLicensed(state) && !isPrepared && (desired.force === true || !runs);
}

/** Cisco may count a licence also where it is INVALID or EXPIRED. */
function mayBeLicensed({ licenseStatus }: WorkerState): boolean {
  return licenseStatus !== 'UNREGISTERED' && licenseStatus !== 'EVALUATION';
}

/** Only for the intent that it belongs to: what was done for an earlier one says nothing. Told once. */
export function recordPrepared(state: WorkerState, prepared: TerminationPrepared): WorkerEvent[] {
  const { desired, terminationPrepared } = state;
  const intentAt = prepared.intentAt.getTime();
  const isWanted = desired.state === 'TERMINATED' && desired.at.getTime() === intentAt;
  if (!isWanted || terminationPrepared?.intentAt.getTime() === intentAt) return [];
  return [new CMLWorkerTerminationPreparedDomainEvent(state.id, prepared)];
}
