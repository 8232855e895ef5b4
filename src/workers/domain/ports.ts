import { type CommandContext } from '../../kernel/command-context';
import { type Reach } from '../../kernel/reach';
import { type CmlWorker } from './cml-worker';
import { type InstanceReading } from './instance-reading';
import { type LaunchSettings, type Placement } from './launch-settings';
import { type LaunchRequest, type WorkerState } from './worker-state';
import { type CMLServiceStatus, type CMLWorkerStatus, type LicenseStatus } from './worker-status';

/** A worker as lists show it. */
export type WorkerRecord = WorkerState;

export type WorkerSort = '-createdAt' | 'name' | 'lastActivityAt';

export interface WorkerFilter {
  readonly status?: readonly CMLWorkerStatus[];
  readonly serviceStatus?: readonly CMLServiceStatus[];
  readonly licenseStatus?: readonly LicenseStatus[];
  readonly awsRegion?: readonly string[];
  readonly tags?: readonly (readonly [key: string, value: string])[];
  /** part of the name or the instance id, without regard to case */
  readonly q?: string;
  readonly includeTerminated?: boolean;
}

/** The sort value (times as ISO 8601) and id of the last worker of the page before; stable under inserts. */
export interface WorkerPagePosition {
  readonly value: string | null;
  readonly id: string;
}

/** Workers of one region, or of all but some. */
export type RegionChoice = { readonly in: string } | { readonly outside: readonly string[] };

/** All regions. */
export const EVERYWHERE: RegionChoice = { outside: [] };

export interface WorkerPageRequest {
  readonly filter: WorkerFilter;
  readonly sort: WorkerSort;
  readonly limit: number;
  readonly after: WorkerPagePosition | null;
  /** absent: all of the fleet */
  readonly reach?: Reach;
}

/** Workers of one region in one status. */
export interface WorkerCount {
  readonly awsRegion: string;
  readonly status: CMLWorkerStatus;
  readonly count: number;
}

/**
 * All workers as flat records, for lists and queries. No query answers released workers; terminated ones only where
 * they are asked for. It follows the streams by a moment; one worker is read from its stream.
 */
export abstract class WorkerReadModel {
  /** Stores the record unless a newer version (stream version) is there. Idempotent. */
  abstract put(record: WorkerRecord, version: number): Promise<void>;
  abstract page(request: WorkerPageRequest): Promise<WorkerRecord[]>;
  abstract byInstance(region: string, awsInstanceId: string): Promise<WorkerRecord | null>;
  abstract byStatus(status: readonly CMLWorkerStatus[]): Promise<WorkerRecord[]>;
  /** Not TERMINATED; by id. */
  abstract active(where: RegionChoice): Promise<WorkerRecord[]>;
  /** How many are not TERMINATED, by region and status; what there is none of is left out. In no order. */
  abstract activeCounts(): Promise<WorkerCount[]>;
  /** RUNNING, no labs, last activity before the given time; longest idle first. */
  abstract idleSince(before: Date, reach?: Reach): Promise<WorkerRecord[]>;
  /** Ids of those within reach, terminated ones too. */
  abstract idsWithin(reach: Reach): Promise<string[]>;
}

/** Workers by their streams: the truth. @throws StoreUnavailable */
export abstract class WorkerRepository {
  abstract getAll(): Promise<WorkerRecord[]>;
  abstract getByStatus(status: CMLWorkerStatus): Promise<WorkerRecord[]>;
  /** A region's are a part of the fleet: whoever works region by region loads no others. */
  abstract getActiveWorkers(where?: RegionChoice): Promise<WorkerRecord[]>;
  abstract getIdleWorkers(thresholdMinutes: number, now: Date, reach?: Reach): Promise<WorkerRecord[]>;
  abstract getByAwsInstanceId(region: string, awsInstanceId: string): Promise<CmlWorker | null>;
  /** Null also for one that was released, and for one out of reach; without a reach none is. */
  abstract getById(id: string, reach?: Reach): Promise<CmlWorker | null>;
  /** Ids of those within reach, terminated ones too; by the lists, which follow by a moment. */
  abstract getIdsWithin(reach: Reach): Promise<string[]>;
  /** As it was at a time; null before its first event, and from its release on. */
  abstract getAt(id: string, time: Date): Promise<CmlWorker | null>;

  /**
   * Stores a new worker. `once` is what must be done outside once name and instance are known to be its own, and before
   * it is stored; when that fails, nothing is.
   * @throws OutOfReach where the command may not touch such a worker, AlreadyManaged when the name or the instance is
   * another worker's, and what `once` throws
   */
  abstract add(worker: CmlWorker, context: CommandContext, once?: () => Promise<void>): Promise<CmlWorker>;

  /**
   * Loads, lets `change` decide, and stores what it recorded; decides again when somebody else was faster. A command
   * that was carried out before is not carried out again.
   * @throws WorkerNotFound for one out of the command's reach as well, OutOfReach where the change would take it there,
   * VersionConflict, AlreadyManaged, and what `change` throws
   */
  abstract update(
    id: string,
    context: CommandContext,
    change: (worker: CmlWorker) => void,
  ): Promise<CmlWorker>;

  /** Releases: the stream stays, name and instance are free again. `check` may refuse by throwing. */
  abstract delete(
    id: string,
    context: CommandContext,
    now: Date,
    check?: (worker: CmlWorker) => void,
  ): Promise<void>;

  /**
   * Frees names and instances that were taken before a time (machine time) by a command that never came to store its
   * worker. Answers how many.
   */
  abstract sweepReservations(takenBefore: Date): Promise<number>;
}

export interface LaunchSpec {
  readonly workerId: string;
  readonly attempt: number;
  readonly image: MachineImage;
  readonly placement: Placement;
  readonly launch: LaunchSettings;
  /** people's tags and the Name tag; the owner tags are added */
  readonly tags: Readonly<Record<string, string>>;
}

export interface MachineImage {
  readonly amiId: string;
  readonly amiName: string | null;
  /** `/dev/sda1`: what the image calls the volume that it boots from; null where EC2 did not say */
  readonly rootDeviceName: string | null;
}

export interface WantedImage {
  readonly amiId: string | null;
  readonly amiName: string | null;
  /** whose images a name may find, besides those of the settings */
  readonly owners: readonly string[];
}

export interface StopOptions {
  /** machine time: it is sent once and not after that; null: it may be retried */
  readonly sendBefore: Date | null;
  /** without waiting for the operating system */
  readonly force: boolean;
  /** as of the other calls */
  readonly notAfter?: Date;
}

export interface TagChange {
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

/**
 * EC2, as far as a worker's life cycle needs it. Every method throws ComputeError, and nothing else, when AWS refuses.
 * `notAfter` (machine time) is when a call is of no use any more: a process may have stood still since it decided on it,
 * and another one have gone on. One that was not begun by then is not sent: `DecidedTooLongAgo`.
 */
export abstract class ComputeProvider {
  /** The image by id, or the newest available one whose name matches (`*` and `?` are wildcards). */
  abstract resolveImage(region: string, wanted: WantedImage): Promise<MachineImage>;

  /** The launch in full, with its client token; nothing is sent. */
  abstract prepareLaunch(spec: LaunchSpec, at: Date): LaunchRequest;

  /** Sends the stored request, to the byte, once and not after `notAfter` (machine time): no retries of its own. */
  abstract launch(region: string, request: LaunchRequest, notAfter: Date): Promise<InstanceReading>;

  /** The instance that a launch made, if EC2 shows one. */
  abstract findByClientToken(region: string, clientToken: string): Promise<InstanceReading | null>;

  /** One instance; null when EC2 does not know it (any more, or yet). */
  abstract describe(region: string, awsInstanceId: string): Promise<InstanceReading | null>;

  /** Sent once. Answers the state that EC2 answers. */
  abstract start(region: string, awsInstanceId: string, notAfter?: Date): Promise<CMLWorkerStatus>;

  abstract stop(region: string, awsInstanceId: string, options: StopOptions): Promise<CMLWorkerStatus>;

  abstract terminate(region: string, awsInstanceId: string, notAfter?: Date): Promise<CMLWorkerStatus>;

  /**
   * Cancels the Spot requests of the worker's launches, and that of the instance. EC2 launches another instance for a
   * persistent request whose instance is terminated. `mayStill` is asked when the requests are known, and before they
   * are cancelled: for whoever must not hit those of a launch that was begun since.
   */
  abstract cancelSpotRequests(
    region: string,
    workerId: string,
    awsInstanceId: string | null,
    mayStill?: () => Promise<boolean>,
  ): Promise<void>;

  /** Only while stopped. */
  abstract changeInstanceType(region: string, awsInstanceId: string, instanceType: string): Promise<void>;

  /** Puts people's tags on the instance, together with those that mark it as the worker's. */
  abstract applyTags(
    region: string,
    awsInstanceId: string,
    workerId: string,
    change: TagChange,
  ): Promise<void>;

  /**
   * Marks an instance as ours: `managed-by=cml-fleet`, the worker's id and the installation's; with the Spot request of
   * a spot instance, where AWS lets us.
   */
  abstract tagAsManaged(
    region: string,
    instance: Pick<InstanceReading, 'instanceId' | 'market'>,
    workerId: string,
  ): Promise<void>;
}
