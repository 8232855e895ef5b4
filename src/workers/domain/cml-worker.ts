import { AggregateRoot } from '../../kernel/aggregate-root';
import { MINUTE } from '../../kernel/clocks';
import { setCmlCredentials } from './cml-credentials';
import { lowerFence } from './fence';
import { recordStopPrepared } from './forced-stop';
import { observeInstance, observeStatus, terminated } from './instance-observation';
import { type SweptReading } from './instance-reading';
import * as launching from './launching';
import { type ServiceFinding } from './service-reason';
import * as service from './service-observation';
import * as guards from './stop-guards';
import { recordPrepared } from './termination';
import { type Act } from './uses';
import * as wishes from './wishes';
import { type ComputeFailure } from './worker-errors';
import { CMLWorkerCreatedDomainEvent, CMLWorkerImportedDomainEvent, type WorkerEvent } from './worker-events';
import { evolve } from './worker-evolve';
import {
  type CmlCredentials,
  type DriftPolicy,
  type Fence,
  type LaunchRequest,
  type LicenseTokenReference,
  type PlannedStop,
  type Protection,
  type Snooze,
  type StatusReason,
  type StopPrepared,
  type TerminationPrepared,
  type UseKind,
  type WorkerState,
} from './worker-state';
import { type CMLServiceStatus, type CMLWorkerStatus, type LicenseStatus } from './worker-status';

export type NewWorker = Omit<CMLWorkerCreatedDomainEvent['data'], 'status' | 'awsInstanceId'>;
export type ImportedWorker = CMLWorkerImportedDomainEvent['data'];

/**
 * A CML worker: what people want of it, and what was observed of it. Each method answers whether anything changed. The
 * rules stand in pure functions from a state to events, one file per concern; times are fleet time.
 */
export class CmlWorker extends AggregateRoot<WorkerState, WorkerEvent> {
  static create(id: string, given: NewWorker): CmlWorker {
    const created = { ...given, status: 'PENDING' as const, awsInstanceId: null };
    return CmlWorker.begin(new CMLWorkerCreatedDomainEvent(id, created));
  }

  /** Takes an existing instance under management; it is wanted as it stands. */
  static import(id: string, given: ImportedWorker): CmlWorker {
    return CmlWorker.begin(new CMLWorkerImportedDomainEvent(id, given));
  }

  /** Replays events, from the first or from a state at a version. Null if there is nothing to replay. */
  static restore(
    id: string,
    events: readonly WorkerEvent[],
    from: { state: WorkerState; version: number } | null = null,
  ): CmlWorker | null {
    const start = from?.state ?? (events.length > 0 ? NO_STATE : null);
    return start && new CmlWorker(id, events.reduce(evolve, start), (from?.version ?? 0) + events.length);
  }

  private static begin(event: WorkerEvent): CmlWorker {
    const worker = new CmlWorker(event.aggregateId, NO_STATE, 0);
    worker.record(event);
    return worker;
  }

  protected evolve(state: WorkerState, event: WorkerEvent): WorkerState {
    return evolve(state, event);
  }

  requestStart(wish: wishes.Wish): boolean {
    return this.recordAll(wishes.wishToStart(this.state, wish));
  }

  /** @throws LabsRunning, LabsUnknown on a running instance, unless forced */
  requestStop(wish: wishes.StopWish): boolean {
    return this.recordAll(wishes.wishToStop(this.state, wish));
  }

  requestTerminate(wish: wishes.TerminateWish): boolean {
    return this.recordAll(wishes.wishToTerminate(this.state, wish));
  }

  /** What comes before the instance is terminated was done, or tried, for this intent. */
  terminationPrepared(prepared: TerminationPrepared): boolean {
    return this.recordAll(recordPrepared(this.state, prepared));
  }

  /** What comes before a forced stop was done, or tried, for this intent. */
  stopPrepared(prepared: StopPrepared): boolean {
    return this.recordAll(recordStopPrepared(this.state, prepared));
  }

  /** Stops managing; the instance is left as it is. @throws InvalidTransition while something is under way */
  release(wish: wishes.Wish): boolean {
    return this.recordAll(wishes.wishToRelease(this.state, wish));
  }

  updateDetails(details: wishes.WorkerDetails, now: Date): boolean {
    return this.recordAll(wishes.wishForDetails(this.state, details, now));
  }

  requestLaunch(request: LaunchRequest): boolean {
    return this.recordAll(launching.requestLaunch(this.state, request));
  }

  /** Whether the request may be sent now, by whoever asks and nobody else. */
  tryLaunch(known: launching.LaunchTry, now: Date): boolean {
    return this.recordAll(launching.tryLaunch(this.state, known, now));
  }

  failLaunch(last: launching.LaunchTry, failure: ComputeFailure, reason: StatusReason): boolean {
    return this.recordAll(launching.failLaunch(this.state, last, failure, reason));
  }

  assignInstance(instance: launching.AssignedInstance, now: Date): boolean {
    return this.recordAll(launching.assignInstance(this.state, instance, now));
  }

  tagsApplied(tags: Readonly<Record<string, string>>, now: Date): boolean {
    return this.recordAll(launching.tagsApplied(this.state, tags, now));
  }

  stopForced(now: Date): boolean {
    return this.recordAll(launching.stopForced(this.state, now));
  }

  instanceTypeApplied(instanceType: string, now: Date): boolean {
    return this.recordAll(launching.instanceTypeApplied(this.state, instanceType, now));
  }

  callAnswered(status: CMLWorkerStatus, now: Date, begunAt = now): boolean {
    return this.recordAll(launching.callAnswered(this.state, status, now, begunAt));
  }

  explain(reason: StatusReason | null, now: Date): boolean {
    return this.recordAll(launching.explain(this.state, reason, now));
  }

  /** What a sweep read of the instance; a reading that shows the past changes nothing. */
  observe(reading: SweptReading, now: Date, driftPolicy: DriftPolicy = 'follow'): boolean {
    return this.recordAll(observeInstance(this.state, reading, now, driftPolicy));
  }

  /** An observation of EC2 is always accepted, since polling misses steps; TERMINATED is absorbing. */
  updateStatus(status: CMLWorkerStatus, now: Date): boolean {
    return this.recordAll(observeStatus(this.state, status, now));
  }

  /** The end was observed, or there is nothing that could be terminated. */
  terminate(by: string | null, now: Date): boolean {
    return this.recordAll(terminated(this.state, by, now));
  }

  updateServiceStatus(
    status: CMLServiceStatus,
    httpsEndpoint: string | null,
    now: Date,
    finding: ServiceFinding | null = null,
  ): boolean {
    return this.recordAll(service.observeService(this.state, status, httpsEndpoint, now, finding));
  }

  updateTelemetry(reading: service.TelemetryReading, now: Date): boolean {
    return this.recordAll(service.observeTelemetry(this.state, reading, now));
  }

  updateEndpoint(httpsEndpoint: string | null, publicIp: string | null, now: Date): boolean {
    return this.recordAll(service.observeEndpoint(this.state, httpsEndpoint, publicIp, now));
  }

  updateLicense(status: LicenseStatus, token: LicenseTokenReference | 'none' | null, now: Date): boolean {
    return this.recordAll(service.observeLicense(this.state, status, token, now));
  }

  updateVersion(cmlVersion: string, now: Date): boolean {
    return this.recordAll(service.observeVersion(this.state, cmlVersion, now));
  }

  observeCertificate(fingerprint: string, now: Date): boolean {
    return this.recordAll(service.observeCertificate(this.state, fingerprint, now));
  }

  acceptCertificate(fingerprint: string, by: string, now: Date): boolean {
    return this.recordAll(service.acceptCertificate(this.state, fingerprint, by, now));
  }

  setCmlCredentials(credentials: CmlCredentials | null, now: Date): boolean {
    return this.recordAll(setCmlCredentials(this.state, credentials, now));
  }

  snooze(snooze: Snooze | null, now: Date): boolean {
    return this.recordAll(guards.setSnooze(this.state, snooze, now));
  }

  protect(protection: Protection | null, now: Date): boolean {
    return this.recordAll(guards.setProtection(this.state, protection, now));
  }

  planStop(plannedStop: PlannedStop | null, now: Date): boolean {
    return this.recordAll(guards.setPlannedStop(this.state, plannedStop, now));
  }

  /** @throws InvalidTransition where it is not to be stopped by itself, WorkerUsed where it was used since */
  fence(fence: Fence, terms: guards.FenceTerms): boolean {
    return this.recordAll(guards.raiseFence(this.state, fence, terms));
  }

  /** Of this decision only, unless null. */
  liftFence(decisionId: string | null, now: Date): boolean {
    return this.recordAll(lowerFence(this.state, now, decisionId));
  }

  /** @throws InvalidTransition for a worker that is not wanted RUNNING */
  noteUse(kind: UseKind, act: Act): boolean {
    return this.recordAll(guards.noteUse(this.state, kind, act));
  }

  /** Known to be without running labs, and without activity for longer than the threshold. */
  isIdle(thresholdMinutes: number, now: Date): boolean {
    const { lastActivityAt, activeLabsCount } = this.state;
    if (lastActivityAt === null || activeLabsCount !== 0) return false;
    return now.getTime() - lastActivityAt.getTime() > thresholdMinutes * MINUTE;
  }

  canConnect(): boolean {
    return canConnect(this.state);
  }

  /** Nothing that is seen after its end or its release changes a worker; what people ask then was refused before. */
  private recordAll(events: readonly WorkerEvent[]): boolean {
    if (this.state.status === 'TERMINATED' || this.state.releasedAt) return false;
    for (const event of events) this.record(event);
    return events.length > 0;
  }
}

export function canConnect(state: Pick<WorkerState, 'status' | 'serviceStatus' | 'httpsEndpoint'>): boolean {
  return state.status === 'RUNNING' && state.serviceStatus === 'AVAILABLE' && state.httpsEndpoint !== null;
}

/** Before the first event; `evolve` ignores it for a creation or an import. */
const NO_STATE = Object.freeze({}) as WorkerState;
