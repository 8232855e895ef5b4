import { eventOf } from '../../kernel/domain-event';
import { type LicenseSource, type WantedLicense } from './wanted-license';
import { type Deadline, type LicenseCall } from './worker-license-state';

/** Everything that can happen to a worker's licence. Of tokens they hold where the vault keeps them, and fingerprints. */

/** People, or the default of the fleet, want the worker to have a licence; the operation sees to it. */
export class WorkerLicenseRequested extends eventOf('worker-license.requested')<{
  readonly wanted: WantedLicense;
  readonly operationId: string;
  readonly requestedAt: Date;
  readonly requestedBy: string;
}> {}

/** The licence is to be given back; the operation sees to it. */
export class WorkerLicenseReleaseRequested extends eventOf('worker-license.release-requested')<{
  /** whether labs are stopped where they are in the way */
  readonly stopLabs: boolean;
  readonly operationId: string;
  readonly requestedAt: Date;
  readonly requestedBy: string;
}> {}

export class WorkerLicenseRenewalRequested extends eventOf('worker-license.renewal-requested')<{
  readonly operationId: string;
  readonly requestedAt: Date;
  readonly requestedBy: string;
}> {}

/** Stored before the call is sent: from here on the server may have got it. */
export class WorkerLicenseCallSent extends eventOf('worker-license.call-sent')<{
  readonly call: LicenseCall;
  readonly operationId: string;
  /** how often it was sent without an answer, this time included */
  readonly tries: number;
  /** of a registration: whose licence it asks for */
  readonly source: LicenseSource | null;
  /** what the server said of its registration before */
  readonly before: { readonly registration: string | null; readonly expires: Date | null };
  readonly sentAt: Date;
}> {}

/** The server said that it did not do what was sent. */
export class WorkerLicenseCallRefused extends eventOf('worker-license.call-refused')<{
  readonly call: LicenseCall;
  readonly refusedAt: Date;
}> {}

/** The server is registered and authorized. */
export class WorkerLicenseRegistered extends eventOf('worker-license.registered')<{
  readonly source: LicenseSource;
  readonly operationId: string;
  readonly registeredAt: Date;
}> {}

export class WorkerLicenseRenewed extends eventOf('worker-license.renewed')<{
  readonly registrationExpires: Date | null;
  readonly authorizationExpires: Date | null;
  readonly renewedAt: Date;
}> {}

/** What was asked for last did not come true. */
export class WorkerLicenseFailed extends eventOf('worker-license.failed')<{
  readonly operationId: string;
  readonly code: string;
  readonly message: string;
  /** certainly no licence is in use for what was sent */
  readonly unused: boolean;
  readonly failedAt: Date;
}> {}

/** The licence was given back, or there was none. */
export class WorkerLicenseReleased extends eventOf('worker-license.released')<{
  readonly outcome: 'released' | 'not-registered';
  readonly operationId: string;
  readonly releasedAt: Date;
}> {}

/** The server has no licence any more, or is gone, and Cisco counts one as in use, or may. A person must see to it. */
export class WorkerLicenseLeftOver extends eventOf('worker-license.left-over')<{
  readonly reason: string;
  /** null: the worker went without an operation that could have given it back */
  readonly operationId: string | null;
  readonly leftAt: Date;
}> {}

/** The server turned out to be registered, and not by us. */
export class WorkerLicenseFound extends eventOf('worker-license.found')<{ readonly foundAt: Date }> {}

/** The registration or the authorization ends soon. Told once for each date. */
export class WorkerLicenseExpiryWarned extends eventOf('worker-license.expiry-warned')<{
  readonly of: Deadline;
  readonly expires: Date;
  readonly warnedAt: Date;
}> {}

export const WORKER_LICENSE_EVENTS = [
  WorkerLicenseRequested,
  WorkerLicenseReleaseRequested,
  WorkerLicenseRenewalRequested,
  WorkerLicenseCallSent,
  WorkerLicenseCallRefused,
  WorkerLicenseRegistered,
  WorkerLicenseRenewed,
  WorkerLicenseFailed,
  WorkerLicenseReleased,
  WorkerLicenseLeftOver,
  WorkerLicenseFound,
  WorkerLicenseExpiryWarned,
] as const;

export type WorkerLicenseEvent = InstanceType<(typeof WORKER_LICENSE_EVENTS)[number]>;
