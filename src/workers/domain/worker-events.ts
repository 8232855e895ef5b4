import { eventOf } from '../../kernel/domain-event';
import {
  CMLServiceStatusUpdatedDomainEvent,
  CMLWorkerCertificateUpdatedDomainEvent,
  CMLWorkerCmlCredentialsUpdatedDomainEvent,
  CMLWorkerEndpointUpdatedDomainEvent,
  CMLWorkerLicenseUpdatedDomainEvent,
  CMLWorkerTelemetryUpdatedDomainEvent,
  CMLWorkerVersionUpdatedDomainEvent,
} from './cml-server-events';
import { type ScheduledEvent, type SpotInterruption, type StatusChecks } from './instance-health';
import { type LaunchSettings, type Market } from './launch-settings';
import {
  type DriftPolicy,
  type Fence,
  type Intent,
  type LaunchRequest,
  type PlannedStop,
  type Protection,
  type Snooze,
  type StatusReason,
  type StopPrepared,
  type TerminationPrepared,
  type WorkerUse,
} from './worker-state';
import { type CMLWorkerStatus } from './worker-status';

export * from './cml-server-events';

/** Everything that can happen to a worker. Actor, reason and correlation stand in each event's record. */

export class CMLWorkerCreatedDomainEvent extends eventOf('worker.created', 2, {
  hidden: ['launch.userData'],
})<{
  name: string;
  awsRegion: string;
  awsInstanceId: string | null;
  instanceType: string;
  amiId: string | null;
  amiName: string | null;
  status: CMLWorkerStatus;
  cmlVersion: string | null;
  tags: Readonly<Record<string, string>>;
  launch: LaunchSettings;
  driftPolicy: DriftPolicy | null;
  desired: Intent;
  createdAt: Date;
  createdBy: string;
}> {}

/** An instance that exists already came under management. */
export class CMLWorkerImportedDomainEvent extends eventOf('worker.imported', 2)<{
  name: string;
  awsAccountId: string | null;
  awsRegion: string;
  awsInstanceId: string;
  instanceType: string;
  amiId: string | null;
  status: CMLWorkerStatus;
  publicIp: string | null;
  privateIp: string | null;
  tags: Readonly<Record<string, string>>;
  market: Market | null;
  desired: Intent;
  importedAt: Date;
  importedBy: string;
}> {}

export class CMLWorkerDetailsUpdatedDomainEvent extends eventOf('worker.details-updated', 2)<{
  name: string;
  tags: Readonly<Record<string, string>>;
  instanceType: string;
  idlePolicyId: string | null;
  driftPolicy: DriftPolicy | null;
  updatedAt: Date;
}> {}

/** Another image is wanted, before anything was launched from the one before. */
export class CMLWorkerImageUpdatedDomainEvent extends eventOf('worker.image-updated')<{
  amiId: string | null;
  amiName: string | null;
  updatedAt: Date;
}> {}

export class CMLWorkerDesiredStateUpdatedDomainEvent extends eventOf('worker.desired-state-updated')<{
  desired: Intent;
}> {}

/** An automatic stop that was not sent in time, or that a snooze or a protection forestalled, is taken back. */
export class CMLWorkerStopWithdrawnDomainEvent extends eventOf('worker.stop-withdrawn')<{
  decisionId: string | null;
  desired: Intent;
}> {}

/** EC2 was seen as wanted for the first time since the intent changed. */
export class CMLWorkerConvergedDomainEvent extends eventOf('worker.converged')<{ convergedAt: Date }> {}

/** The request's text holds the user data, in which people may have put more than they should. */
export class CMLWorkerLaunchRequestedDomainEvent extends eventOf('worker.launch-requested', 2, {
  hidden: ['request.body'],
})<{
  request: LaunchRequest;
}> {}

/** Somebody sets about sending the stored request: from here on an instance may come of it. */
export class CMLWorkerLaunchTriedDomainEvent extends eventOf('worker.launch-tried')<{
  attempt: number;
  /** counts the tries of the attempt from 1 */
  tries: number;
  triedAt: Date;
}> {}

/** A launch definitely made no instance, or one that ended before it ran; the next try has a new token. */
export class CMLWorkerLaunchFailedDomainEvent extends eventOf('worker.launch-failed', 2)<{
  attempt: number;
  reason: StatusReason;
  /** index into the ordered list of placements at which the next launch is tried */
  nextPlacement: number;
}> {}

export class CMLWorkerStatusReasonUpdatedDomainEvent extends eventOf('worker.status-reason-updated')<{
  reason: StatusReason | null;
  updatedAt: Date;
}> {}

export class CMLWorkerStatusUpdatedDomainEvent extends eventOf('worker.status-updated')<{
  oldStatus: CMLWorkerStatus;
  newStatus: CMLWorkerStatus;
  updatedAt: Date;
}> {}

/** EC2 answered a Start, Stop or Terminate of ours. */
export class CMLWorkerCallAnsweredDomainEvent extends eventOf('worker.call-answered')<{
  status: CMLWorkerStatus;
  answeredAt: Date;
}> {}

/** The instance was changed in AWS, past cml-fleet, and two sweeps saw it. What is done about it follows as events. */
export class CMLWorkerDriftDetectedDomainEvent extends eventOf('worker.drift-detected')<{
  attribute: 'state' | 'instance-type' | 'owner-tags';
  wanted: string;
  found: string;
  /** EC2's own word about it, where it has one */
  why: string | null;
  policy: DriftPolicy;
  detectedAt: Date;
}> {}

/** The instance takes longer from one state to another than it should: a person should look. */
export class CMLWorkerTransitionOverdueDomainEvent extends eventOf('worker.transition-overdue')<{
  status: CMLWorkerStatus;
  since: Date;
  budgetMinutes: number;
  detectedAt: Date;
}> {}

/** A stop that hung was forced: EC2 cuts the power without waiting for the operating system. */
export class CMLWorkerStopForcedDomainEvent extends eventOf('worker.stop-forced')<{ forcedAt: Date }> {}

/** EC2's checks of host and instance turned ok or impaired. */
export class CMLWorkerStatusChecksUpdatedDomainEvent extends eventOf('worker.status-checks-updated')<{
  checks: StatusChecks;
  updatedAt: Date;
}> {}

/** What AWS is going to do to the instance (retirement, maintenance, reboot) changed. */
export class CMLWorkerScheduledEventsUpdatedDomainEvent extends eventOf('worker.scheduled-events-updated')<{
  scheduledEvents: readonly ScheduledEvent[];
  updatedAt: Date;
}> {}

/** AWS takes the spot instance back, or (null) does so no more. */
export class CMLWorkerSpotInterruptionUpdatedDomainEvent extends eventOf('worker.spot-interruption-updated')<{
  interruption: SpotInterruption | null;
  updatedAt: Date;
}> {}

/** People's tags and the Name tag were put on the instance. */
export class CMLWorkerTagsAppliedDomainEvent extends eventOf('worker.tags-applied')<{
  tags: Readonly<Record<string, string>>;
  appliedAt: Date;
}> {}

/** A changed instance type was put on the stopped instance. */
export class CMLWorkerInstanceTypeAppliedDomainEvent extends eventOf('worker.instance-type-applied')<{
  instanceType: string;
  appliedAt: Date;
}> {}

export class CMLWorkerInstanceAssignedDomainEvent extends eventOf('worker.instance-assigned')<{
  awsInstanceId: string;
  awsAccountId: string | null;
  publicIp: string | null;
  privateIp: string | null;
  assignedAt: Date;
}> {}

export class CMLWorkerSnoozeUpdatedDomainEvent extends eventOf('worker.snooze-updated')<{
  snooze: Snooze | null;
  updatedAt: Date;
}> {}

export class CMLWorkerProtectionUpdatedDomainEvent extends eventOf('worker.protection-updated')<{
  protection: Protection | null;
  updatedAt: Date;
}> {}

/** An automatic stop was announced, moved or (null) called off. */
export class CMLWorkerPlannedStopUpdatedDomainEvent extends eventOf('worker.planned-stop-updated', 2)<{
  plannedStop: PlannedStop | null;
  updatedAt: Date;
}> {}

/** An automatic stop begins, and no new session is offered; or (null) it comes to nothing, and they are again. */
export class CMLWorkerFenceUpdatedDomainEvent extends eventOf('worker.fence-updated')<{
  fence: Fence | null;
  updatedAt: Date;
}> {}

/** A person did something through this API that shows that the worker is used, or about to be. */
export class CMLWorkerUseNotedDomainEvent extends eventOf('worker.use-noted')<{ use: WorkerUse }> {}

/** All was done, or tried, that comes before the instance is stopped by force. */
export class CMLWorkerStopPreparedDomainEvent extends eventOf('worker.stop-prepared')<StopPrepared> {}

/** All was done, or tried, that comes before the instance is terminated. */
export class CMLWorkerTerminationPreparedDomainEvent extends eventOf(
  'worker.termination-prepared',
)<TerminationPrepared> {}

export class CMLWorkerReleasedDomainEvent extends eventOf('worker.released')<{
  by: string;
  reason: string | null;
  releasedAt: Date;
}> {}

export class CMLWorkerTerminatedDomainEvent extends eventOf('worker.terminated')<{
  name: string;
  terminatedAt: Date;
  terminatedBy: string | null;
}> {}

/** Every class above: what the event store's registry knows, and what `evolve` must handle. */
export const WORKER_EVENTS = [
  CMLWorkerCreatedDomainEvent,
  CMLWorkerImportedDomainEvent,
  CMLWorkerDetailsUpdatedDomainEvent,
  CMLWorkerImageUpdatedDomainEvent,
  CMLWorkerDesiredStateUpdatedDomainEvent,
  CMLWorkerStopWithdrawnDomainEvent,
  CMLWorkerConvergedDomainEvent,
  CMLWorkerLaunchRequestedDomainEvent,
  CMLWorkerLaunchTriedDomainEvent,
  CMLWorkerLaunchFailedDomainEvent,
  CMLWorkerStatusReasonUpdatedDomainEvent,
  CMLWorkerStatusUpdatedDomainEvent,
  CMLWorkerCallAnsweredDomainEvent,
  CMLWorkerDriftDetectedDomainEvent,
  CMLWorkerTransitionOverdueDomainEvent,
  CMLWorkerStopForcedDomainEvent,
  CMLWorkerStatusChecksUpdatedDomainEvent,
  CMLWorkerScheduledEventsUpdatedDomainEvent,
  CMLWorkerSpotInterruptionUpdatedDomainEvent,
  CMLWorkerTagsAppliedDomainEvent,
  CMLWorkerInstanceTypeAppliedDomainEvent,
  CMLServiceStatusUpdatedDomainEvent,
  CMLWorkerInstanceAssignedDomainEvent,
  CMLWorkerLicenseUpdatedDomainEvent,
  CMLWorkerTelemetryUpdatedDomainEvent,
  CMLWorkerVersionUpdatedDomainEvent,
  CMLWorkerEndpointUpdatedDomainEvent,
  CMLWorkerCertificateUpdatedDomainEvent,
  CMLWorkerCmlCredentialsUpdatedDomainEvent,
  CMLWorkerSnoozeUpdatedDomainEvent,
  CMLWorkerProtectionUpdatedDomainEvent,
  CMLWorkerPlannedStopUpdatedDomainEvent,
  CMLWorkerFenceUpdatedDomainEvent,
  CMLWorkerUseNotedDomainEvent,
  CMLWorkerStopPreparedDomainEvent,
  CMLWorkerTerminationPreparedDomainEvent,
  CMLWorkerReleasedDomainEvent,
  CMLWorkerTerminatedDomainEvent,
] as const;

export type WorkerEvent = InstanceType<(typeof WORKER_EVENTS)[number]>;
