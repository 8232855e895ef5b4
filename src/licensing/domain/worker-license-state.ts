import { type LicenseSource, type WantedLicense } from './wanted-license';

/** Calls by which a server changes what Cisco counts. */
export type LicenseCall = 'register' | 'deregister';

/** What of a licence ends. */
export type Deadline = 'registration' | 'authorization';

/** What of it Cisco counts as in use for the worker's server, as far as is known here. */
export type Holding =
  | 'none'
  /** a registration was sent, and nobody knows yet what came of it */
  | 'maybe'
  | 'ours'
  /** the server was registered past cml-fleet */
  | 'foreign';

/** A call whose answer is not known (yet). */
export interface SentCall {
  readonly call: LicenseCall;
  readonly operationId: string;
  /** how often it was sent without an answer */
  readonly tries: number;
  readonly source: LicenseSource | null;
  readonly before: { readonly registration: string | null; readonly expires: Date | null };
  readonly sentAt: Date;
}

/** A call whose answer is not known, with what holds again when its server says that it did not do it. */
export interface UnansweredCall extends SentCall {
  readonly otherwise: { readonly sent: UnansweredCall | null; readonly holding: Holding };
}

/** The latest thing that was asked for, and the operation that sees to it. */
export interface LicenseRequest {
  readonly kind: LicenseOperationKind;
  readonly operationId: string;
  readonly by: string;
  readonly at: Date;
  readonly stopLabs: boolean;
}

export type ReleaseOutcome = 'released' | 'not-registered' | 'left-over';

export const LICENSE_OPERATIONS = {
  requested: 'license-register',
  'release-requested': 'license-release',
  'renewal-requested': 'license-renew',
} as const;
export type LicenseOperationKind = (typeof LICENSE_OPERATIONS)[keyof typeof LICENSE_OPERATIONS];

export interface LicenseFailure {
  readonly operationId: string;
  readonly code: string;
  readonly message: string;
  readonly at: Date;
}

/** A worker's licence. Times are fleet time. */
export interface WorkerLicenseState {
  /** null: none is wanted */
  readonly wanted: WantedLicense | null;
  /** null: nobody has asked for anything yet */
  readonly request: LicenseRequest | null;
  readonly sent: UnansweredCall | null;
  readonly holding: Holding;
  /** what the server is registered with, and by which operation; null unless by us */
  readonly registered: (LicenseSource & { readonly operationId: string; readonly at: Date }) | null;
  /** why what was asked for last did not come true */
  readonly failure: LicenseFailure | null;
  /** what Cisco may count as in use though the server does not have it any more */
  readonly leftOver: { readonly reason: string; readonly at: Date } | null;
  /** how the latest release ended; null: there was none */
  readonly ended: { readonly operationId: string | null; readonly outcome: ReleaseOutcome } | null;
  /** the ends that people were warned of */
  readonly warned: Readonly<Record<Deadline, Date | null>>;
  /** when a registration was last sent */
  readonly registrationSentAt: Date | null;
  /** since when what is held is so: older readings say nothing about it */
  readonly heldSince: Date | null;
}

export const NO_LICENSE: WorkerLicenseState = {
  wanted: null,
  request: null,
  sent: null,
  holding: 'none',
  registered: null,
  failure: null,
  leftOver: null,
  ended: null,
  warned: { registration: null, authorization: null },
  registrationSentAt: null,
  heldSince: null,
};
