import { CmlWorker, type NewWorker } from '../domain/cml-worker';
import * as events from '../domain/worker-events';
import {
  type Fence,
  type Intent,
  type LaunchRequest,
  type PlannedStop,
  type Protection,
  type Snooze,
  type StopPrepared,
  type TerminationPrepared,
  type WorkerState,
  type WorkerUse,
} from '../domain/worker-state';
import { type CMLWorkerStatus, type DesiredState, type LicenseStatus } from '../domain/worker-status';
import { at, launchRequest, newWorker, wanting } from './worker-values';

export { at, launchRequest, newWorker, wanting };

export const WORKER_ID = '00000000-0000-4000-8000-000000000001';
export const INSTANCE_ID = 'i-0123456789abcdef0';
export const PUBLIC_IP = '203.0.113.10';
export const PRIVATE_IP = '10.0.0.10';
export const ENDPOINT = `https://${PUBLIC_IP}`;
export const TOKEN = { ref: 'secret-1', fingerprint: 'sha256:1111' };

/** What the last activity of a builder's worker was. */
const STARTED = { lastActivitySource: 'start', lastActivityKind: 'start' } as const;
export const LOGIN = { lastActivitySource: 'cml-activity', lastActivityKind: 'user_activity' } as const;

/** A worker that was created at minute 0 and not launched yet. */
export function aWorker(given: Partial<NewWorker> = {}, id = WORKER_ID): WorkerBuilder {
  const created = { ...newWorker(given), status: 'PENDING' as const, awsInstanceId: null };
  return new WorkerBuilder(id, [new events.CMLWorkerCreatedDomainEvent(id, created)]);
}

/**
 * A worker's past, told by events: `aWorker().running().idleSince(at(20)).build()`. A word adds what must have come
 * before it; where no other time is given, launched at minute 1, running from 10, stopped at 30, gone at 40.
 */
export class WorkerBuilder {
  constructor(
    readonly id: string,
    readonly events: readonly events.WorkerEvent[],
  ) {}

  build(): CmlWorker {
    const worker = CmlWorker.restore(this.id, this.events);
    if (!worker) throw new Error('a worker begins with an event');
    return worker;
  }

  get state(): WorkerState {
    return this.build().state;
  }

  launchRequested(given: Partial<LaunchRequest> = {}): WorkerBuilder {
    return this.and(
      new events.CMLWorkerLaunchRequestedDomainEvent(this.id, { request: launchRequest(given) }),
    );
  }

  /** The launch under way made no instance. */
  launchFailed(): WorkerBuilder {
    const reason = { code: 'InsufficientInstanceCapacity', message: 'no', at: at(2), nextTryAt: at(3) };
    const attempt = this.state.launchAttempt;
    return this.and(
      new events.CMLWorkerLaunchFailedDomainEvent(this.id, { attempt, reason, nextPlacement: 0 }),
    );
  }

  /** Has an instance, which is PENDING. */
  launched(awsInstanceId = INSTANCE_ID): WorkerBuilder {
    const addresses = { publicIp: PUBLIC_IP, privateIp: PRIVATE_IP };
    const assigned = { awsInstanceId, awsAccountId: '111122223333', ...addresses, assignedAt: at(1) };
    const requested = this.state.launchRequest ? this : this.launchRequested();
    return requested.and(new events.CMLWorkerInstanceAssignedDomainEvent(this.id, assigned));
  }

  running(since = at(10)): WorkerBuilder {
    const launched = this.state.awsInstanceId ? this : this.launched();
    return launched.status('RUNNING', since).convergedIf('RUNNING', since);
  }

  /** Running, and people can connect to it; nothing is known of its labs. */
  serving(since = at(12)): WorkerBuilder {
    const running = this.state.status === 'RUNNING' ? this : this.running();
    return running
      .service('AVAILABLE', ENDPOINT, since)
      .telemetry({ lastActivityAt: since, ...STARTED, updatedAt: since });
  }

  /** A reading of CML with so many running labs, and of the processor and memory. */
  withLabs(activeLabsCount: number, lastActivityAt = at(20)): WorkerBuilder {
    const load = { cpuUtilization: 40, memoryUtilization: 50 };
    return this.telemetry({ activeLabsCount, ...load, lastActivityAt, ...LOGIN, updatedAt: lastActivityAt });
  }

  /** Without labs, and nobody used it since. */
  idleSince(lastActivityAt: Date): WorkerBuilder {
    return this.withLabs(0, lastActivityAt);
  }

  /** Stopped as it was wanted, by alice if nobody has wanted it yet. */
  stopped(time = at(30)): WorkerBuilder {
    const running = this.state.awsInstanceId ? this : this.running();
    const wanted = this.state.desired.state === 'STOPPED' ? running : running.wanted('STOPPED', { at: time });
    return wanted.status('STOPPED', time).down(time).convergedIf('STOPPED', time);
  }

  terminated(time = at(40)): WorkerBuilder {
    const { name, desired } = this.state;
    const wanted = desired.state === 'TERMINATED' ? this : this.wanted('TERMINATED', { at: time });
    const gone = { name, terminatedAt: time, terminatedBy: wanted.state.desired.by };
    return wanted
      .status('TERMINATED', time)
      .down(time)
      .and(new events.CMLWorkerTerminatedDomainEvent(this.id, gone));
  }

  /** A change of intent, which EC2 does not know of yet. */
  wanted(state: DesiredState, given: Partial<Intent> = {}): WorkerBuilder {
    const desired = wanting(state, { at: at(30), ...given });
    return this.and(new events.CMLWorkerDesiredStateUpdatedDomainEvent(this.id, { desired }));
  }

  /** The EC2 status alone, without what follows from it. */
  status(newStatus: CMLWorkerStatus, updatedAt = at(30)): WorkerBuilder {
    const { status } = this.state;
    const moved = { oldStatus: status, newStatus, updatedAt };
    return status === newStatus
      ? this
      : this.and(new events.CMLWorkerStatusUpdatedDomainEvent(this.id, moved));
  }

  answered(status: CMLWorkerStatus, answeredAt: Date): WorkerBuilder {
    return this.and(new events.CMLWorkerCallAnsweredDomainEvent(this.id, { status, answeredAt }));
  }

  /** AWS refused something; null `nextTryAt` is not tried again by itself. */
  refused(nextTryAt: Date | null, code = 'InsufficientInstanceCapacity'): WorkerBuilder {
    const reason = { code, message: 'no', at: at(30), nextTryAt };
    return this.and(
      new events.CMLWorkerStatusReasonUpdatedDomainEvent(this.id, { reason, updatedAt: reason.at }),
    );
  }

  licensed(licenseStatus: LicenseStatus = 'REGISTERED'): WorkerBuilder {
    const license = { licenseStatus, licenseToken: TOKEN, updatedAt: at(15) };
    return this.and(new events.CMLWorkerLicenseUpdatedDomainEvent(this.id, license));
  }

  /** For the present intent to terminate it. */
  terminationPrepared(given: Partial<TerminationPrepared> = {}): WorkerBuilder {
    const intentAt = this.state.desired.at;
    const prepared = {
      intentAt,
      preparedAt: at(62),
      license: 'released' as const,
      topologiesKept: 2,
      ...given,
    };
    return this.and(new events.CMLWorkerTerminationPreparedDomainEvent(this.id, prepared));
  }

  /** Its certificate is pinned, and another one may be presented. */
  certified(pinned: string, presented: string | null = null): WorkerBuilder {
    const certificate = { pinned, presented, changedAt: presented === null ? null : at(16) };
    const seen = { certificate, acceptedBy: null, updatedAt: at(16) };
    return this.and(new events.CMLWorkerCertificateUpdatedDomainEvent(this.id, seen));
  }

  /** A person has checked the certificate. */
  accepted(pinned: string, acceptedBy = 'user:bob'): WorkerBuilder {
    const certificate = { pinned, presented: null, changedAt: null };
    const accepted = { certificate, acceptedBy, updatedAt: at(16) };
    return this.and(new events.CMLWorkerCertificateUpdatedDomainEvent(this.id, accepted));
  }

  /** Another instance type is wanted than the stopped instance has. */
  resized(instanceType: string): WorkerBuilder {
    const { name, tags, idlePolicyId, driftPolicy } = this.state;
    const kept = { name, tags, idlePolicyId, driftPolicy };
    const details = { ...kept, instanceType, updatedAt: at(35) };
    return this.and(new events.CMLWorkerDetailsUpdatedDomainEvent(this.id, details));
  }

  snoozed(snooze: Snooze): WorkerBuilder {
    return this.and(new events.CMLWorkerSnoozeUpdatedDomainEvent(this.id, { snooze, updatedAt: snooze.at }));
  }

  protectedBy(protection: Protection): WorkerBuilder {
    const set = { protection, updatedAt: protection.at };
    return this.and(new events.CMLWorkerProtectionUpdatedDomainEvent(this.id, set));
  }

  stopPlanned(plannedStop: PlannedStop): WorkerBuilder {
    const planned = { plannedStop, updatedAt: at(25) };
    return this.and(new events.CMLWorkerPlannedStopUpdatedDomainEvent(this.id, planned));
  }

  /** Until minute 27 by default, by the machine's clock, which is the fleet's in specs. */
  fenced(given: Partial<Fence> = {}): WorkerBuilder {
    const fence = { decisionId: 'd-1', by: 'system:reaper', at: at(25), until: at(27), ...given };
    return this.and(new events.CMLWorkerFenceUpdatedDomainEvent(this.id, { fence, updatedAt: fence.at }));
  }

  used(given: Partial<WorkerUse> = {}): WorkerBuilder {
    const use = { kind: 'keep-alive' as const, by: 'user:bob', at: at(24), ...given };
    return this.and(new events.CMLWorkerUseNotedDomainEvent(this.id, { use }));
  }

  /** For the present intent to stop it by force. */
  stopPrepared(given: Partial<StopPrepared> = {}): WorkerBuilder {
    const intentAt = this.state.desired.at;
    const prepared = { intentAt, preparedAt: at(62), labsStopped: 1, topologiesKept: 2, ...given };
    return this.and(new events.CMLWorkerStopPreparedDomainEvent(this.id, prepared));
  }

  released(releasedAt = at(50)): WorkerBuilder {
    const released = { by: 'user:alice', reason: null, releasedAt };
    return this.and(new events.CMLWorkerReleasedDomainEvent(this.id, released));
  }

  private and(...more: events.WorkerEvent[]): WorkerBuilder {
    return new WorkerBuilder(this.id, [...this.events, ...more]);
  }

  private convergedIf(state: DesiredState, convergedAt: Date): WorkerBuilder {
    const already = this.state.convergedAt !== null;
    return already || this.state.desired.state !== state
      ? this
      : this.and(new events.CMLWorkerConvergedDomainEvent(this.id, { convergedAt }));
  }

  service(
    status: WorkerState['serviceStatus'],
    httpsEndpoint: string | null,
    updatedAt: Date,
    reason: WorkerState['serviceReason'] = null,
  ) {
    const { serviceStatus: oldServiceStatus } = this.state;
    const changed = { oldServiceStatus, newServiceStatus: status, reason, httpsEndpoint, updatedAt };
    return this.and(new events.CMLServiceStatusUpdatedDomainEvent(this.id, changed));
  }

  /** The service for a reason with this code. */
  failing(status: WorkerState['serviceStatus'], code: string, since = at(40)): WorkerBuilder {
    const reason = { code, message: `it is ${code}`, at: since };
    return this.service(status, this.state.httpsEndpoint, since, reason);
  }

  private telemetry(
    given: Partial<events.CMLWorkerTelemetryUpdatedDomainEvent['data']> & { updatedAt: Date },
  ): WorkerBuilder {
    const { lastActivityAt, lastActivitySource, lastActivityKind } = this.state;
    const { activeLabsCount, cpuUtilization, memoryUtilization } = this.state;
    const activity = { lastActivityAt, lastActivitySource, lastActivityKind };
    const known = { ...activity, activeLabsCount, cpuUtilization, memoryUtilization };
    return this.and(new events.CMLWorkerTelemetryUpdatedDomainEvent(this.id, { ...known, ...given }));
  }

  /** What goes with an instance that stopped or is gone. */
  private down(updatedAt: Date): WorkerBuilder {
    const { privateIp } = this.state;
    const unknown = { activeLabsCount: null, cpuUtilization: null, memoryUtilization: null };
    const cleared = { httpsEndpoint: null, publicIp: null, privateIp, updatedAt };
    return this.service('UNAVAILABLE', null, updatedAt)
      .telemetry({ ...unknown, updatedAt })
      .and(new events.CMLWorkerEndpointUpdatedDomainEvent(this.id, cleared));
  }
}
