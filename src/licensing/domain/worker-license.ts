import { AggregateRoot } from '../../kernel/aggregate-root';
import { LicenseHeld } from './license-errors';
import { isSameSource, type LicenseSource, type WantedLicense } from './wanted-license';
import { evolve } from './worker-license-evolve';
import * as events from './worker-license-events';
import {
  type Deadline,
  type LicenseCall,
  type LicenseFailure,
  NO_LICENSE,
  type ReleaseOutcome,
  type SentCall,
  type WorkerLicenseState,
} from './worker-license-state';

/** Who asks for something, when, and the operation that sees to it. */
export interface Asking {
  readonly operationId: string;
  readonly requestedBy: string;
  readonly requestedAt: Date;
}

/**
 * A worker's CML licence: what is wanted, what was sent to its server, and what Cisco counts as in use for it. It has the
 * worker's id, and is there from the first thing that is asked for on.
 */
export class WorkerLicense extends AggregateRoot<WorkerLicenseState, events.WorkerLicenseEvent> {
  /** Of a worker that nothing was asked for yet. */
  static none(workerId: string): WorkerLicense {
    return new WorkerLicense(workerId, NO_LICENSE, 0);
  }

  static restore(
    id: string,
    past: readonly events.WorkerLicenseEvent[],
    { state, version }: { state: WorkerLicenseState; version: number } = { state: NO_LICENSE, version: 0 },
  ): WorkerLicense {
    return new WorkerLicense(id, past.reduce(evolve, state), version + past.length);
  }

  /** @throws LicenseHeld while a seat in another pool is in use, which must be given back first */
  request(wanted: WantedLicense, asking: Asking): void {
    const { wanted: before, holding } = this.state;
    const movesOut = before?.poolId != null && before.poolId !== wanted.poolId;
    if (movesOut && holding !== 'none') throw new LicenseHeld(before.poolId);
    this.record(new events.WorkerLicenseRequested(this.id, { wanted, ...asking }));
  }

  requestRelease(stopLabs: boolean, asking: Asking): void {
    this.record(new events.WorkerLicenseReleaseRequested(this.id, { stopLabs, ...asking }));
  }

  requestRenewal(asking: Asking): void {
    this.record(new events.WorkerLicenseRenewalRequested(this.id, asking));
  }

  /** Whether this operation is the one that sees to what was asked for last. */
  isSeenToBy(operationId: string): boolean {
    return this.state.request?.operationId === operationId;
  }

  sending(sent: SentCall): void {
    this.record(new events.WorkerLicenseCallSent(this.id, sent));
  }

  /**
   * The server did not do what this operation had sent. No effect once another operation has sent something: what an
   * overtaken one hears late says nothing about that.
   */
  callRefused(call: LicenseCall, operationId: string, now: Date): void {
    const { sent } = this.state;
    if (sent?.call !== call || sent.operationId !== operationId) return;
    this.record(new events.WorkerLicenseCallRefused(this.id, { call, refusedAt: now }));
  }

  registered(source: LicenseSource, operationId: string, now: Date): void {
    const { registered, sent } = this.state;
    const known = registered?.operationId === operationId && isSameSource(registered, source) && !sent;
    if (known) return;
    const { poolId, fingerprint } = source;
    const done = { source: { poolId, fingerprint }, operationId, registeredAt: now };
    this.record(new events.WorkerLicenseRegistered(this.id, done));
  }

  renewed(dates: { registrationExpires: Date | null; authorizationExpires: Date | null }, now: Date): void {
    this.record(new events.WorkerLicenseRenewed(this.id, { ...dates, renewedAt: now }));
  }

  /** `unused`: certainly no licence is in use for what was sent. */
  failed(operationId: string, why: { code: string; message: string }, unused: boolean, now: Date): void {
    const { code, message } = why;
    const isOver = unused && this.state.holding === 'maybe';
    const failure = { operationId, code, message, unused: isOver, failedAt: now };
    this.record(new events.WorkerLicenseFailed(this.id, failure));
  }

  /** What this operation failed by already; null: it has not. */
  failureOf(operationId: string): LicenseFailure | null {
    const { failure } = this.state;
    return failure?.operationId === operationId ? failure : null;
  }

  /** How the release that this operation saw to has ended; null: it has not. */
  endOf(operationId: string): ReleaseOutcome | null {
    const { ended } = this.state;
    return ended?.operationId === operationId ? ended.outcome : null;
  }

  released(outcome: 'released' | 'not-registered', operationId: string, now: Date): void {
    this.record(new events.WorkerLicenseReleased(this.id, { outcome, operationId, releasedAt: now }));
  }

  leftOver(reason: string, operationId: string | null, now: Date): void {
    this.record(new events.WorkerLicenseLeftOver(this.id, { reason, operationId, leftAt: now }));
  }

  /** A reading that was begun then shows the server registered, where nothing of ours explains it. */
  found(readAt: Date): void {
    const { holding, heldSince } = this.state;
    if (holding === 'none' && (heldSince === null || readAt > heldSince)) {
      this.record(new events.WorkerLicenseFound(this.id, { foundAt: readAt }));
    }
  }

  warnOfExpiry(of: Deadline, expires: Date, now: Date): void {
    if (this.state.warned[of]?.getTime() === expires.getTime()) return;
    this.record(new events.WorkerLicenseExpiryWarned(this.id, { of, expires, warnedAt: now }));
  }

  protected evolve(state: WorkerLicenseState, event: events.WorkerLicenseEvent): WorkerLicenseState {
    return evolve(state, event);
  }
}
