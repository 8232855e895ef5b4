import {
  type CMLWorkerCertificateUpdatedDomainEvent,
  type CMLWorkerCmlCredentialsUpdatedDomainEvent,
  type CMLWorkerDetailsUpdatedDomainEvent,
  type CMLWorkerDriftDetectedDomainEvent,
} from './worker-events';
import { hasLaunched, type WorkerState, type WorkerUse } from './worker-state';
import { isDown } from './worker-status';

/** What people change; before the first launch the type that they name is the only one that is tried. */
export function withDetails(
  state: WorkerState,
  details: CMLWorkerDetailsUpdatedDomainEvent['data'],
): WorkerState {
  const retyped = details.instanceType !== state.instanceType && !hasLaunched(state);
  const { instanceType } = details;
  return {
    ...state,
    ...details,
    ...(retyped && {
      appliedInstanceType: instanceType,
      launch: { ...state.launch, instanceTypes: [instanceType] },
      nextPlacement: 0,
    }),
  };
}

/** One that was accepted, by whomever, is the last that needed no word; a service that waited for it waits no more. */
export function withCertificate(
  state: WorkerState,
  { certificate, acceptedBy, updatedAt }: CMLWorkerCertificateUpdatedDomainEvent['data'],
): WorkerState {
  const waited = state.serviceReason?.code === 'certificate' && certificate.presented === null;
  return {
    ...state,
    certificate,
    serviceReason: waited ? null : state.serviceReason,
    certificateMayChange: state.certificateMayChange && acceptedBy === null,
    updatedAt,
  };
}

/** Whether the new account is the right one the next reading tells; that the old one was wrong holds no more. */
export function withCredentials(
  state: WorkerState,
  { credentials, updatedAt }: CMLWorkerCmlCredentialsUpdatedDomainEvent['data'],
): WorkerState {
  const serviceReason = state.serviceReason?.code === 'credentials' ? null : state.serviceReason;
  return { ...state, cmlCredentials: credentials, serviceReason, updatedAt };
}

/** What the fleet takes for granted of the instance is what was found, or is to be put right. */
export function drifted(
  state: WorkerState,
  { attribute, found, policy, detectedAt }: CMLWorkerDriftDetectedDomainEvent['data'],
): WorkerState {
  const next = { ...state, updatedAt: detectedAt };
  switch (attribute) {
    case 'state':
      return next;
    case 'instance-type':
      return { ...next, appliedInstanceType: found, ...(policy === 'follow' && { instanceType: found }) };
    case 'owner-tags':
      return { ...next, appliedTags: null };
  }
}

/** Whether what EC2 answered to a call of ours is not what is wanted by now. */
export function leadsAway({ desired }: WorkerState, answered: WorkerState['status']): boolean {
  return desired.state !== 'TERMINATED' && isDown(answered) === (desired.state === 'RUNNING');
}

/**
 * A use is the latest activity, unless a later one is known. In a boot it is not: becoming AVAILABLE counts as activity
 * then, later, and would not any more.
 */
export function withUse(state: WorkerState, use: WorkerUse): WorkerState {
  const { lastActivityAt, runningSince } = state;
  const boots = runningSince !== null && (lastActivityAt === null || lastActivityAt < runningSince);
  const isLatest = lastActivityAt === null || use.at > lastActivityAt;
  return {
    ...state,
    lastUse: use,
    ...(isLatest &&
      !boots && { lastActivityAt: use.at, lastActivitySource: 'api', lastActivityKind: use.kind }),
    updatedAt: use.at,
  };
}

/** When the present run began: kept while the instance runs, and through a time in which nobody could tell. */
export function runningSince(state: WorkerState, status: WorkerState['status'], at: Date): Date | null {
  switch (status) {
    case 'RUNNING':
      return state.runningSince ?? at;
    case 'UNKNOWN':
      return state.runningSince;
    default:
      return null;
  }
}
