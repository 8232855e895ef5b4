import { observeStatus } from './instance-observation';
import {
  CMLWorkerCallAnsweredDomainEvent,
  CMLWorkerInstanceAssignedDomainEvent,
  CMLWorkerInstanceTypeAppliedDomainEvent,
  CMLWorkerLaunchFailedDomainEvent,
  CMLWorkerLaunchRequestedDomainEvent,
  CMLWorkerLaunchTriedDomainEvent,
  CMLWorkerStatusReasonUpdatedDomainEvent,
  CMLWorkerStopForcedDomainEvent,
  CMLWorkerTagsAppliedDomainEvent,
  type WorkerEvent,
} from './worker-events';
import { afterRefusal } from './launch-fallback';
import { type ComputeFailure } from './worker-errors';
import { type LaunchRequest, type StatusReason, type WorkerState } from './worker-state';
import { type CMLWorkerStatus } from './worker-status';

export interface AssignedInstance {
  readonly awsInstanceId: string;
  readonly awsAccountId?: string | null;
  readonly publicIp?: string | null;
  readonly privateIp?: string | null;
}

/** The launch as it will be sent, stored before it is: from here on an instance may exist. */
export function requestLaunch(state: WorkerState, request: LaunchRequest): WorkerEvent[] {
  if (state.awsInstanceId !== null || state.launchRequest !== null) return [];
  // the request took its time to make, and may not be wanted any more
  if (state.desired.state !== 'RUNNING') return [];
  // others may have come and gone meanwhile: a token that was used is never used again
  if (request.attempt !== state.launchAttempt + 1) return [];
  return [new CMLWorkerLaunchRequestedDomainEvent(state.id, { request })];
}

/** One try of an attempt, counted from 1 within it; with 0 it was not tried. */
export interface LaunchTry {
  readonly attempt: number;
  readonly tries: number;
}

/**
 * Somebody sets about sending the request, after as many tries as it knows of. No event where another process was
 * faster, and where the launch is not wanted any more: it must then not be sent.
 */
export function tryLaunch(state: WorkerState, known: LaunchTry, now: Date): WorkerEvent[] {
  if (!isLatest(state, known) || state.desired.state !== 'RUNNING') return [];
  const tried = { attempt: known.attempt, tries: known.tries + 1, triedAt: now };
  return [new CMLWorkerLaunchTriedDomainEvent(state.id, tried)];
}

/**
 * The attempt definitely made no instance: the next one has a new token, and may be of another type or elsewhere. No
 * event where somebody has tried it once more meanwhile, since that try may have made one.
 */
export function failLaunch(
  state: WorkerState,
  last: LaunchTry,
  failure: ComputeFailure,
  reason: StatusReason,
): WorkerEvent[] {
  if (!isLatest(state, last)) return [];
  const { attempt } = last;
  return [
    new CMLWorkerLaunchFailedDomainEvent(state.id, { attempt, ...afterRefusal(state, failure, reason) }),
  ];
}

function isLatest({ launchRequest, awsInstanceId }: WorkerState, { attempt, tries }: LaunchTry): boolean {
  return awsInstanceId === null && launchRequest?.attempt === attempt && launchRequest.tries === tries;
}

/** The worker's instance, for good: another one in its place would leave the first one running unmanaged. */
export function assignInstance(state: WorkerState, given: AssignedInstance, now: Date): WorkerEvent[] {
  if (state.awsInstanceId !== null) return [];
  return [
    new CMLWorkerInstanceAssignedDomainEvent(state.id, {
      awsInstanceId: given.awsInstanceId,
      awsAccountId: given.awsAccountId ?? null,
      publicIp: given.publicIp ?? null,
      privateIp: given.privateIp ?? null,
      assignedAt: now,
    }),
  ];
}

export function tagsApplied(
  state: WorkerState,
  tags: Readonly<Record<string, string>>,
  now: Date,
): WorkerEvent[] {
  return [new CMLWorkerTagsAppliedDomainEvent(state.id, { tags, appliedAt: now })];
}

/** EC2 took the forced stop: it is sent once for each stop that hangs. */
export function stopForced(state: WorkerState, now: Date): WorkerEvent[] {
  if (!state.overdue || state.overdue.forcedAt) return [];
  return [new CMLWorkerStopForcedDomainEvent(state.id, { forcedAt: now })];
}

export function instanceTypeApplied(state: WorkerState, instanceType: string, now: Date): WorkerEvent[] {
  if (state.appliedInstanceType === instanceType) return [];
  return [new CMLWorkerInstanceTypeAppliedDomainEvent(state.id, { instanceType, appliedAt: now })];
}

/**
 * EC2's answer to our Start, Stop or Terminate is an observation, and outweighs older readings. One that comes after that to
 * a later call, from a process that stood still meanwhile, tells of the past. `begunAt`: fleet time of the call.
 */
export function callAnswered(
  state: WorkerState,
  status: CMLWorkerStatus,
  now: Date,
  begunAt = now,
): WorkerEvent[] {
  if (state.answered && state.answered.at > begunAt) return [];
  return [
    new CMLWorkerCallAnsweredDomainEvent(state.id, { status, answeredAt: now }),
    ...observeStatus(state, status, now),
  ];
}

/** Why the worker is not as wanted yet; null when nothing is in the way. Repeated with a new time it is no event. */
export function explain(state: WorkerState, reason: StatusReason | null, now: Date): WorkerEvent[] {
  const before = state.statusReason;
  const same =
    before?.code === reason?.code &&
    before?.message === reason?.message &&
    before?.nextTryAt?.getTime() === reason?.nextTryAt?.getTime();
  if (same) return [];
  return [new CMLWorkerStatusReasonUpdatedDomainEvent(state.id, { reason, updatedAt: now })];
}
