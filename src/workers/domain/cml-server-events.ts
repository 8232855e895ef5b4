import { eventOf } from '../../kernel/domain-event';
import {
  type ActivitySource,
  type Certificate,
  type CmlCredentials,
  type LicenseTokenReference,
  type ServiceReason,
} from './worker-state';
import { type CMLServiceStatus, type LicenseStatus } from './worker-status';

/** What happens to the CML server of a worker; worker-events.ts has the rest, and all together. */

/** The status changed, its reason, or the endpoint. */
export class CMLServiceStatusUpdatedDomainEvent extends eventOf('worker.service-status-updated', 2)<{
  oldServiceStatus: CMLServiceStatus;
  newServiceStatus: CMLServiceStatus;
  reason: ServiceReason | null;
  httpsEndpoint: string | null;
  updatedAt: Date;
}> {}

export class CMLWorkerLicenseUpdatedDomainEvent extends eventOf('worker.license-updated')<{
  licenseStatus: LicenseStatus;
  licenseToken: LicenseTokenReference | null;
  updatedAt: Date;
}> {}

export class CMLWorkerTelemetryUpdatedDomainEvent extends eventOf('worker.telemetry-updated', 2)<{
  lastActivityAt: Date | null;
  lastActivitySource: ActivitySource | null;
  lastActivityKind: string | null;
  activeLabsCount: number | null;
  cpuUtilization: number | null;
  memoryUtilization: number | null;
  updatedAt: Date;
}> {}

export class CMLWorkerVersionUpdatedDomainEvent extends eventOf('worker.version-updated')<{
  cmlVersion: string;
  updatedAt: Date;
}> {}

export class CMLWorkerEndpointUpdatedDomainEvent extends eventOf('worker.endpoint-updated')<{
  httpsEndpoint: string | null;
  publicIp: string | null;
  privateIp: string | null;
  updatedAt: Date;
}> {}

/** Pinned at first sight, changed by the server, or accepted. */
export class CMLWorkerCertificateUpdatedDomainEvent extends eventOf('worker.certificate-updated')<{
  certificate: Certificate;
  /** the person, or `system:…` in the first boot; null for what was seen and not accepted */
  acceptedBy: string | null;
  updatedAt: Date;
}> {}

/** By which account the worker's CML server is asked, where it is not the fleet's (null). */
export class CMLWorkerCmlCredentialsUpdatedDomainEvent extends eventOf('worker.cml-credentials-updated')<{
  credentials: CmlCredentials | null;
  updatedAt: Date;
}> {}
