import { MINUTE } from '../../kernel/clocks';
import {
  CMLServiceStatusUpdatedDomainEvent,
  CMLWorkerCertificateUpdatedDomainEvent,
  CMLWorkerEndpointUpdatedDomainEvent,
  CMLWorkerLicenseUpdatedDomainEvent,
  CMLWorkerTelemetryUpdatedDomainEvent,
  CMLWorkerVersionUpdatedDomainEvent,
  type WorkerEvent,
} from './worker-events';
import { reasonAfter, type ServiceFinding } from './service-reason';
import { CertificateMismatch } from './worker-errors';
import { type ActivitySource, type LicenseTokenReference, type WorkerState } from './worker-state';
import { type CMLServiceStatus, isDown, type LicenseStatus } from './worker-status';
import { mustBeManaged } from './wishes';

/** What was read of the CML server; null or left out is not known, and overwrites nothing. */
export interface TelemetryReading {
  readonly lastActivityAt?: Date | null;
  readonly lastActivitySource?: ActivitySource | null;
  readonly lastActivityKind?: string | null;
  readonly activeLabsCount?: number | null;
  /** percent, 0–100 */
  readonly cpuUtilization?: number | null;
  /** percent, 0–100 */
  readonly memoryUtilization?: number | null;
  /** a signal turned active, idle or unknown, which is worth an event even where the numbers look alike */
  readonly signalTurned?: boolean;
}

/** Activity that moved by less is not worth an event of its own; decisions use the observations, which are newer. */
export const ACTIVITY_STEP_MS = 10 * MINUTE;

export function observeService(
  state: WorkerState,
  status: CMLServiceStatus,
  httpsEndpoint: string | null,
  now: Date,
  finding: ServiceFinding | null = null,
): WorkerEvent[] {
  const endpoint = httpsEndpoint ?? state.httpsEndpoint;
  const reason = reasonAfter(state, status, finding, now);
  const same =
    state.serviceStatus === status && state.httpsEndpoint === endpoint && state.serviceReason === reason;
  if (same || isDown(state.status)) return [];
  const changed = new CMLServiceStatusUpdatedDomainEvent(state.id, {
    oldServiceStatus: state.serviceStatus,
    newServiceStatus: status,
    reason,
    httpsEndpoint: endpoint,
    updatedAt: now,
  });
  // a fresh boot counts as activity, so that it has its whole idle window before it; a flapping service does not
  const { lastActivityAt, runningSince } = state;
  const freshBoot = !lastActivityAt || !runningSince || lastActivityAt < runningSince;
  if (status !== 'AVAILABLE' || !freshBoot) return [changed];
  const start = { lastActivityAt: now, lastActivitySource: 'start', lastActivityKind: 'start' } as const;
  return [changed, ...observeTelemetry(state, { ...start, signalTurned: true }, now)];
}

/** An event only when the meaning changed: the lab count, a signal, or activity by ten minutes and more. */
export function observeTelemetry(state: WorkerState, reading: TelemetryReading, now: Date): WorkerEvent[] {
  const up = !isDown(state.status);
  const activity = latestActivity(state, reading);
  const activeLabsCount = (up ? reading.activeLabsCount : null) ?? state.activeLabsCount;
  const moved = (activity.lastActivityAt?.getTime() ?? 0) - (state.lastActivityAt?.getTime() ?? 0);
  const meaningful =
    activeLabsCount !== state.activeLabsCount ||
    moved >= ACTIVITY_STEP_MS ||
    (reading.signalTurned === true && (up || moved > 0));
  if (!meaningful) return [];
  return [
    new CMLWorkerTelemetryUpdatedDomainEvent(state.id, {
      ...activity,
      activeLabsCount,
      cpuUtilization: (up ? reading.cpuUtilization : null) ?? state.cpuUtilization,
      memoryUtilization: (up ? reading.memoryUtilization : null) ?? state.memoryUtilization,
      updatedAt: now,
    }),
  ];
}

type LatestActivity = Pick<WorkerState, 'lastActivityAt' | 'lastActivitySource' | 'lastActivityKind'>;

/** The later one, with where and what it was. */
function latestActivity(state: WorkerState, reading: TelemetryReading): LatestActivity {
  const { lastActivityAt = null, lastActivitySource = null, lastActivityKind = null } = reading;
  const known = state.lastActivityAt;
  return lastActivityAt && (!known || lastActivityAt > known)
    ? { lastActivityAt, lastActivitySource, lastActivityKind }
    : pick(state);
}

function pick({ lastActivityAt, lastActivitySource, lastActivityKind }: WorkerState): LatestActivity {
  return { lastActivityAt, lastActivitySource, lastActivityKind };
}

export function observeEndpoint(
  state: WorkerState,
  httpsEndpoint: string | null,
  publicIp: string | null,
  now: Date,
): WorkerEvent[] {
  const next = {
    httpsEndpoint: httpsEndpoint ?? state.httpsEndpoint,
    publicIp: publicIp ?? state.publicIp,
    privateIp: state.privateIp,
  };
  const same = next.httpsEndpoint === state.httpsEndpoint && next.publicIp === state.publicIp;
  if (same || isDown(state.status)) return [];
  return [new CMLWorkerEndpointUpdatedDomainEvent(state.id, { ...next, updatedAt: now })];
}

/** @param token null: nobody said, so that the one that is known stays; `none`: the licence was given back */
export function observeLicense(
  state: WorkerState,
  licenseStatus: LicenseStatus,
  token: LicenseTokenReference | 'none' | null,
  now: Date,
): WorkerEvent[] {
  const licenseToken = token === 'none' ? null : (token ?? state.licenseToken);
  const sameToken =
    state.licenseToken?.ref === licenseToken?.ref &&
    state.licenseToken?.fingerprint === licenseToken?.fingerprint;
  if (state.licenseStatus === licenseStatus && sameToken) return [];
  return [new CMLWorkerLicenseUpdatedDomainEvent(state.id, { licenseStatus, licenseToken, updatedAt: now })];
}

export function observeVersion(state: WorkerState, cmlVersion: string, now: Date): WorkerEvent[] {
  if (state.cmlVersion === cmlVersion) return [];
  return [new CMLWorkerVersionUpdatedDomainEvent(state.id, { cmlVersion, updatedAt: now })];
}

/** In whose name the certificate is accepted that a server makes for itself in its first boot. */
export const FIRST_BOOT = 'system:first-boot';

/** Whether another certificate would be taken without a person's word: once, before the server was ever AVAILABLE. */
export function takesAnotherCertificate(
  state: Pick<WorkerState, 'certificate' | 'certificateMayChange'>,
): boolean {
  const { pinned, presented } = state.certificate;
  return state.certificateMayChange && pinned !== null && presented === null;
}

/** Pins the first certificate that the server shows; a different one later waits for a person, but in its first boot. */
export function observeCertificate(state: WorkerState, fingerprint: string, now: Date): WorkerEvent[] {
  const { pinned, presented } = state.certificate;
  if (fingerprint === pinned && presented === null) return [];
  if (fingerprint === presented) return [];
  const replaced = takesAnotherCertificate(state);
  const certificate =
    pinned === null || fingerprint === pinned || replaced
      ? { pinned: fingerprint, presented: null, changedAt: null }
      : { pinned, presented: fingerprint, changedAt: now };
  const acceptedBy = replaced ? FIRST_BOOT : null;
  return [new CMLWorkerCertificateUpdatedDomainEvent(state.id, { certificate, acceptedBy, updatedAt: now })];
}

/**
 * @throws InvalidTransition for a worker that is gone or released; CertificateMismatch when the server shows another
 * one than the person has checked
 */
export function acceptCertificate(
  state: WorkerState,
  fingerprint: string,
  by: string,
  now: Date,
): WorkerEvent[] {
  mustBeManaged(state, 'trusted with a certificate');
  const { pinned, presented } = state.certificate;
  if (fingerprint === pinned && presented === null) return [];
  if (presented !== null && fingerprint !== presented) throw new CertificateMismatch(state, presented);
  const certificate = { pinned: fingerprint, presented: null, changedAt: null };
  const accepted = { certificate, acceptedBy: by, updatedAt: now };
  return [new CMLWorkerCertificateUpdatedDomainEvent(state.id, accepted)];
}
