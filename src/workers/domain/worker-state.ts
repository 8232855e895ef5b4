import { type ScheduledEvent, type SpotInterruption, type StatusChecks } from './instance-health';
import { type LaunchSettings, type Market, type Placement } from './launch-settings';
import {
  type CMLServiceStatus,
  type CMLWorkerStatus,
  type DesiredState,
  type LicenseStatus,
} from './worker-status';

/** What somebody wants of the worker, and why. */
export interface Intent {
  readonly state: DesiredState;
  /** actor: `user:…`, `api-key:…` or `system:…` */
  readonly by: string;
  readonly reason: string | null;
  readonly at: Date;
  /** the idle decision behind an automatic stop */
  readonly decisionId: string | null;
  /**
   * Machine time after which an automatic stop must not be sent any more, because the live probe that allowed it has
   * become too old, or the reaper's lease has run out, by the clock of the process that probed: no other sends it. Null
   * for what people ask.
   */
  readonly sendBefore: Date | null;
  /**
   * of a stop: also while labs run; without it the stop waits for them to end. Of a termination: at once, whatever labs
   * and licence are on it
   */
  readonly force?: true;
  /** of a forced stop: the labs are stopped in order first, and their topologies kept, as long as that may take */
  readonly stopLabs?: true;
  /** of one that stops its labs first: when it is sent whatever still runs, by what was known when it was asked for */
  readonly stopBy?: Date;
}

/** A launch as it is sent to EC2, stored before the call so that a repetition is the same to the byte. */
export interface LaunchRequest {
  readonly attempt: number;
  readonly clientToken: string;
  /** null: of an older request whose text does not tell */
  readonly placement: Placement | null;
  readonly amiId: string;
  readonly amiName: string | null;
  /** people's tags that it carries, the Name tag among them; the owner tags come on top */
  readonly tags: Readonly<Record<string, string>>;
  /** the provider's request as JSON text */
  readonly body: string;
  readonly at: Date;
  /** how often somebody set about sending it; 0: no instance can have come of it */
  readonly tries: number;
  /** when that was last */
  readonly triedAt: Date | null;
}

/** Why the worker is not (yet) as wanted, for people. */
export interface StatusReason {
  readonly code: string;
  readonly message: string;
  readonly at: Date;
  readonly nextTryAt: Date | null;
}

/** Why the CML server cannot be used, and what helps, for people. */
export interface ServiceReason {
  /** `no-answer`, `unhealthy`, `certificate`, … */
  readonly code: string;
  readonly message: string;
  readonly at: Date;
}

/** Where the latest sign of use was seen; `start` and `import` count as one, `api` is what people did through this API. */
export const ACTIVITY_SOURCES = ['cml-activity', 'cml-labs', 'cml-system', 'start', 'import', 'api'] as const;
export type ActivitySource = (typeof ACTIVITY_SOURCES)[number];

export interface Snooze {
  readonly until: Date;
  readonly by: string;
  readonly reason: string | null;
  readonly at: Date;
}

export interface Protection {
  readonly by: string;
  readonly reason: string;
  readonly at: Date;
  readonly expiresAt: Date | null;
}

/** What happens when the instance is changed in AWS, past cml-fleet: the intent follows, or is carried out again. */
export type DriftPolicy = 'follow' | 'enforce';

/** The instance has been on its way from one state to another for longer than that takes. */
export interface OverdueTransition {
  readonly status: CMLWorkerStatus;
  readonly at: Date;
  /** when a forced stop was sent; null if none was */
  readonly forcedAt: Date | null;
}

/** Why a worker is stopped by itself: nobody uses it, a schedule says so, or it has run for as long as it may. */
export const STOP_CAUSES = ['idle', 'schedule', 'max-uptime'] as const;
export type StopCause = (typeof STOP_CAUSES)[number];

export interface PlannedStop {
  readonly at: Date;
  readonly reason: string;
  readonly decisionId: string;
  readonly cause: StopCause;
}

/** What people do through this API that shows that they use the worker, or are about to. */
export const USE_KINDS = ['start', 'snooze', 'connection', 'keep-alive'] as const;
export type UseKind = (typeof USE_KINDS)[number];

export interface WorkerUse {
  readonly kind: UseKind;
  /** actor: `user:…`, `api-key:…`; never `system:…` */
  readonly by: string;
  readonly at: Date;
}

/** No new session is offered while an automatic stop is under way. It takes nothing from those that there are. */
export interface Fence {
  readonly decisionId: string;
  readonly by: string;
  readonly at: Date;
  /** machine time from which it counts no more: whoever died in between leaves nobody locked out */
  readonly until: Date;
}

/** TLS certificate of the worker's CML server, as SHA-256 fingerprints (`AB:CD:…`). */
export interface Certificate {
  readonly pinned: string | null;
  /** a different one that the server shows since `changedAt`, waiting for a person's word */
  readonly presented: string | null;
  readonly changedAt: Date | null;
}

/** What became of the licence of a worker that is to be terminated. */
export const LICENSE_ENDS = ['released', 'left-over', 'not-registered', 'not-released'] as const;
export type LicenseEnd = (typeof LICENSE_ENDS)[number];

/** What was done before the instance is terminated. */
export interface TerminationPrepared {
  /** `at` of the intent that it was done for */
  readonly intentAt: Date;
  readonly preparedAt: Date;
  readonly license: LicenseEnd;
  /** topologies of labs that were kept for this; null: they could not be read */
  readonly topologiesKept: number | null;
}

/** What was done before the instance is stopped. */
export interface StopPrepared {
  /** `at` of the intent that it was done for */
  readonly intentAt: Date;
  readonly preparedAt: Date;
  /** labs that were stopped for this; null: nobody can tell */
  readonly labsStopped: number | null;
  /** topologies of labs that were kept for this; null: they could not be read */
  readonly topologiesKept: number | null;
}

export interface LicenseTokenReference {
  readonly ref: string;
  readonly fingerprint: string;
}

/** An account on the worker's CML server; the password is in the vault. */
export interface CmlCredentials {
  readonly username: string;
  readonly passwordRef: string;
  /** of the password: by which people tell it from another */
  readonly fingerprint: string;
}

/** State of one worker. Null is unknown or absent, never a default. Times are fleet time. */
export interface WorkerState {
  readonly id: string;
  readonly name: string;
  readonly awsAccountId: string | null;
  readonly awsRegion: string;
  readonly awsInstanceId: string | null;
  readonly instanceType: string;
  /** the type that the instance has at EC2; differs from `instanceType` after a change until it is applied */
  readonly appliedInstanceType: string;
  readonly amiId: string | null;
  readonly amiName: string | null;
  readonly launch: LaunchSettings;
  /** null: unknown, of an imported instance that EC2 said nothing about */
  readonly market: Market | null;
  readonly tags: Readonly<Record<string, string>>;
  /** people's tags and the Name tag as we last put them on the instance; null: they are to be put on it anew */
  readonly appliedTags: Readonly<Record<string, string>> | null;
  readonly idlePolicyId: string | null;
  /** null: the fleet's */
  readonly driftPolicy: DriftPolicy | null;

  readonly desired: Intent;
  readonly convergedAt: Date | null;
  readonly launchAttempt: number;
  /** index into the ordered list of placements at which the next launch is tried */
  readonly nextPlacement: number;
  readonly launchRequest: LaunchRequest | null;
  readonly statusReason: StatusReason | null;

  readonly status: CMLWorkerStatus;
  /** when the status last changed */
  readonly statusAt: Date;
  readonly overdue: OverdueTransition | null;
  /** what EC2's own checks last said; null where they have not said anything about this run */
  readonly checks: StatusChecks | null;
  /** what AWS is going to do to the instance */
  readonly scheduledEvents: readonly ScheduledEvent[];
  readonly interruption: SpotInterruption | null;
  /** EC2's answer to our latest Start, Stop or Terminate; readings are held against it */
  readonly answered: { readonly status: CMLWorkerStatus; readonly at: Date } | null;
  readonly serviceStatus: CMLServiceStatus;
  /** null where CML is AVAILABLE, where the instance does not run, and where nothing told yet */
  readonly serviceReason: ServiceReason | null;
  /** the server may show another certificate once more without a person's word: it was never AVAILABLE yet */
  readonly certificateMayChange: boolean;
  /** when the instance was last seen to begin running; the boot budget counts from it */
  readonly runningSince: Date | null;

  readonly cmlVersion: string | null;
  readonly licenseStatus: LicenseStatus;
  readonly licenseToken: LicenseTokenReference | null;
  readonly httpsEndpoint: string | null;
  readonly certificate: Certificate;
  /** null: the fleet's account */
  readonly cmlCredentials: CmlCredentials | null;
  readonly publicIp: string | null;
  readonly privateIp: string | null;

  readonly lastActivityAt: Date | null;
  /** null with a known time: an earlier version did not keep it */
  readonly lastActivitySource: ActivitySource | null;
  /** `start_node`, `user_activity`, … as CML calls it; `lab-running`, `lab-changed`, `cpu`, `start`; a kind of use */
  readonly lastActivityKind: string | null;
  readonly activeLabsCount: number | null;
  readonly cpuUtilization: number | null;
  readonly memoryUtilization: number | null;

  readonly snooze: Snooze | null;
  readonly protection: Protection | null;
  readonly plannedStop: PlannedStop | null;
  readonly fence: Fence | null;
  /** the latest thing that a person did through this API; null: nothing that is known of */
  readonly lastUse: WorkerUse | null;
  readonly terminationPrepared: TerminationPrepared | null;
  readonly stopPrepared: StopPrepared | null;

  /** counts changes of intent and by people; observations leave it as it is. The HTTP API's `version` */
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly createdBy: string;
  readonly terminatedAt: Date | null;
  readonly terminatedBy: string | null;
  readonly releasedAt: Date | null;
}

/** Whether an instance exists, or may exist since a launch was sent. */
export function hasLaunched({
  awsInstanceId,
  launchRequest,
}: Pick<WorkerState, 'awsInstanceId' | 'launchRequest'>): boolean {
  return awsInstanceId !== null || launchRequest !== null;
}

/** The tags that the instance should have besides the owner's. */
export function wantedTags({ name, tags }: Pick<WorkerState, 'name' | 'tags'>): Record<string, string> {
  return { ...tags, Name: name };
}

/** Whether both have the same keys with the same values; tags that are not known equal none. */
export function sameTags(
  known: Readonly<Record<string, string>> | null,
  other: Readonly<Record<string, string>>,
): boolean {
  if (known === null) return false;
  const keys = Object.keys(other);
  return keys.length === Object.keys(known).length && keys.every((key) => known[key] === other[key]);
}
