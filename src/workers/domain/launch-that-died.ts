import { MINUTE, plus } from '../../kernel/clocks';
import { type InstanceReading, type SweptReading } from './instance-reading';
import { afterRefusal } from './launch-fallback';
import {
  CMLWorkerLaunchFailedDomainEvent,
  CMLWorkerStatusUpdatedDomainEvent,
  type WorkerEvent,
} from './worker-events';
import { type ComputeFailure } from './worker-errors';
import { type WorkerState } from './worker-state';

type StateReason = NonNullable<InstanceReading['stateReason']>;

/** What EC2's StateReason of an instance that never ran means for the next launch. Others are our settings' fault. */
const FAILURES: Readonly<Record<string, ComputeFailure>> = {
  'Server.InsufficientInstanceCapacity': 'capacity',
  'Server.SpotInstanceTermination': 'capacity',
  'Server.InternalError': 'later',
  'Client.VolumeLimitExceeded': 'quota',
  'Client.InstanceInitiatedShutdown': 'later',
};

const TRY_AGAIN_MS = 5 * MINUTE;

/** Somebody in AWS wanted this end. */
const BY_A_PERSON = 'Client.UserInitiatedShutdown';

/**
 * Whether a reading shows that a launch which EC2 accepted came to nothing: pending can end in terminated without ever
 * having run. There is nothing of a person's on it, so the launch is begun anew.
 */
export function neverRan(state: WorkerState, { status, stateReason }: SweptReading): boolean {
  const goes = (['SHUTTING_DOWN', 'TERMINATED'] as const).some((end) => end === status);
  return (
    goes &&
    wasNeverSeenRunning(state) &&
    state.desired.state !== 'TERMINATED' &&
    state.launchRequest !== null &&
    state.convergedAt === null &&
    state.answered === null &&
    stateReason !== null &&
    stateReason.code !== BY_A_PERSON
  );
}

/** While AWS could not be read, nobody saw it boot or die; and a sweep may have seen it on its way to its end. */
function wasNeverSeenRunning({ status, runningSince }: WorkerState): boolean {
  return (
    runningSince === null && (['PENDING', 'UNKNOWN', 'SHUTTING_DOWN'] as const).some((one) => one === status)
  );
}

export function launchDied(state: WorkerState, { stateReason }: SweptReading, now: Date): WorkerEvent[] {
  const { launchRequest } = state;
  if (launchRequest === null || stateReason === null) return [];
  const failure = FAILURES[stateReason.code] ?? 'rejected';
  const reason = afterRefusal(state, failure, {
    code: stateReason.code,
    message: `The instance ended before it ran: ${messageOf(stateReason)}`,
    at: now,
    nextTryAt: failure === 'rejected' ? null : plus(now, TRY_AGAIN_MS),
  });
  const failed = new CMLWorkerLaunchFailedDomainEvent(state.id, {
    attempt: launchRequest.attempt,
    ...reason,
  });
  const { id, status: oldStatus } = state;
  if (oldStatus === 'PENDING') return [failed];
  const newStatus = 'PENDING' as const;
  return [new CMLWorkerStatusUpdatedDomainEvent(id, { oldStatus, newStatus, updatedAt: now }), failed];
}

function messageOf({ message }: StateReason): string {
  return message.endsWith('.') ? message : `${message}.`;
}
