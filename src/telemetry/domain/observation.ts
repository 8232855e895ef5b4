/** Where a value was read. Each source has its own values, its own observedAt and its own errors. */
export const SOURCES = [
  'ec2',
  'cloudwatch',
  'cml-system',
  'cml-labs',
  'cml-activity',
  'cml-license',
] as const;
export type Source = (typeof SOURCES)[number];

export interface Ec2Values {
  readonly status: string;
  readonly publicIp: string | null;
  readonly privateIp: string | null;
  readonly instanceType: string | null;
  /** since when EC2 says that it does not know the instance; null while it does */
  readonly missingSince: Date | null;
  /** EC2's own checks of the host and of the instance; null where it did not say (yet) in this run of the instance */
  readonly checks: { readonly system: string | null; readonly instance: string | null } | null;
  /** what AWS is going to do to it: a reboot, a maintenance, its retirement */
  readonly scheduledEvents: readonly PlannedByAws[] | null;
  /** when those two were read, where that was before the rest; null: with the rest, or never */
  readonly healthReadAt: Date | null;
  /** AWS takes the spot instance back; null where that is not known to be so */
  readonly interruption: { readonly code: string; readonly message: string } | null;
}

export interface PlannedByAws {
  readonly id: string | null;
  /** `instance-retirement`, `system-reboot`, … */
  readonly code: string;
  readonly description: string | null;
  readonly notBefore: Date | null;
  readonly notAfter: Date | null;
}

/** One value that CloudWatch has, which is as old as itself, whenever it was read. */
export interface MetricPoint {
  readonly value: number;
  /** fleet time at which the point's period begins */
  readonly at: Date;
}

/** The newest point of each metric; null where CloudWatch has none, or was not asked. */
export interface CloudWatchValues {
  /** percent of the whole host, 0–100 */
  readonly cpuUtilization: MetricPoint | null;
  /** percent, 0–100; from CloudWatch's agent, where one runs */
  readonly memoryUtilization: MetricPoint | null;
  readonly networkInBytesPerSecond: MetricPoint | null;
  readonly networkOutBytesPerSecond: MetricPoint | null;
  /** 1 where one of EC2's checks failed, else 0 */
  readonly statusCheckFailed: MetricPoint | null;
}

export type CloudWatchMetric = keyof CloudWatchValues;

/** Of system_information, system_health and system_stats; null is what the server did not say. */
export interface SystemValues {
  readonly version: string | null;
  readonly ready: boolean | null;
  readonly healthy: boolean | null;
  readonly licensed: boolean | null;
  /** percent, 0–100, of the whole host */
  readonly cpuPercent: number | null;
  /** percent, 0–100 */
  readonly memoryPercent: number | null;
  /** percent, 0–100 */
  readonly diskPercent: number | null;
  /** machines of nodes that run, whether their labs are listed or not */
  readonly runningNodes: number | null;
}

export interface LabSummary {
  readonly id: string;
  readonly title: string | null;
  readonly owner: string | null;
  readonly state: string;
  readonly nodeCount: number | null;
  /** when the lab was last changed, by the server's clock; null where it did not say */
  readonly modifiedAt?: Date | null;
}

export interface LabsValues {
  readonly total: number;
  /** labs in state STARTED, of all users */
  readonly running: number;
  readonly labs: readonly LabSummary[];
}

export interface ActivityValues {
  /** time of the newest event that a person caused; null if there was none so far */
  readonly newestActivityAt: Date | null;
  /** its category, e.g. `start_node` */
  readonly newestCategory: string | null;
  /** of those, the newest act on a lab or node; null: none so far, left out: read by an earlier version */
  readonly newestActAt?: Date | null;
  /** and the newest login or use of the API by a person; null and left out as above */
  readonly newestSessionAt?: Date | null;
  /**
   * fleet time of the reading that found the newest of them, where a reading before had not: whatever the server's clock
   * says, it happened between the two. Null: the first reading found it, or there was none; left out as above
   */
  readonly newestFoundAt?: Date | null;
  /**
   * fleet time of the first reading that succeeded: whatever stood in the list then may have happened right before it, by a
   * server's clock that is behind. Null: by an earlier version, when nobody kept it; left out as above
   */
  readonly firstReadAt?: Date | null;
  /** time of the newest event of any kind that was not in the future: the next reading looks at none before it */
  readonly watermark: Date | null;
  /** newest time in the future that an event was ever dated to, as the server gave it; null and left out as above */
  readonly newestFutureAt?: Date | null;
  /** whether this server ever reported an event; where it never did, an empty list means nothing */
  readonly everSeen: boolean;
}

export interface LicenseFeature {
  readonly id: string;
  readonly name: string | null;
  readonly inUse: number | null;
  /** INIT, WAITING, IN_COMPLIANCE, … as the server writes it */
  readonly status: string | null;
  readonly min: number | null;
  readonly max: number | null;
}

/** Of GET /licensing, as the server says it; null is what it did not say. */
export interface LicenseValues {
  /** `registration.status`: NOT_REGISTERED, IN_PROGRESS, COMPLETED, FAILED, … */
  readonly registration: string | null;
  /** `authorization.status`: INIT, EVAL, IN_COMPLIANCE, OUT_OF_COMPLIANCE, … */
  readonly authorization: string | null;
  readonly registrationExpires: Date | null;
  readonly authorizationExpires: Date | null;
  /** why the latest registration or renewal failed, in the server's words */
  readonly failure: string | null;
  readonly smartAccount: string | null;
  readonly virtualAccount: string | null;
  /** `product_license.active`: CML_Enterprise, CML_Personal, … */
  readonly productLicense: string | null;
  /** an on-premises Smart Licensing server; null: Cisco's own, or not said */
  readonly smartServer: string | null;
  readonly features: readonly LicenseFeature[];
}

export interface ValuesOf {
  ec2: Ec2Values;
  cloudwatch: CloudWatchValues;
  'cml-system': SystemValues;
  'cml-labs': LabsValues;
  'cml-activity': ActivityValues;
  'cml-license': LicenseValues;
}

/** The failure of a server that is well, but takes no more of us for now: too many logins, or requests. */
export const BUSY = 'busy';

/** Why the latest reading failed; the values before it stay. `at` is fleet time. */
export interface ObservationError {
  readonly code: string;
  readonly message: string;
  readonly at: Date;
}

/** What one source last said about one worker. */
export interface Observation<S extends Source = Source> {
  readonly workerId: string;
  readonly source: S;
  readonly values: ValuesOf[S] | null;
  /** fleet time at which the reading of `values` was begun; null if there never was one */
  readonly observedAt: Date | null;
  readonly lastError: ObservationError | null;
  /** the sweep of a region that `values` were read in; null where the worker was read alone */
  readonly sweepId: string | null;
  /**
   * successful readings in a row, and failed ones; a success resets the latter and the other way round. A server that
   * was `busy` answered, but told nothing: that does not count as failed
   */
  readonly goodReads: number;
  readonly failedReads: number;
}

/** All of one worker's sources; one that never answered is missing. */
export type Observations = { readonly [S in Source]?: Observation<S> };

/** The observation after a reading that succeeded. */
export function observed<S extends Source>(
  before: Observation<S> | undefined,
  workerId: string,
  source: S,
  values: ValuesOf[S],
  observedAt: Date,
  sweepId: string | null = null,
): Observation<S> {
  const goodReads = (before?.goodReads ?? 0) + 1;
  return { workerId, source, values, observedAt, sweepId, lastError: null, goodReads, failedReads: 0 };
}

/** The observation after a reading that failed: it wipes nothing. */
export function failed<S extends Source>(
  before: Observation<S> | undefined,
  workerId: string,
  source: S,
  lastError: ObservationError,
): Observation<S> {
  return {
    workerId,
    source,
    values: before?.values ?? null,
    observedAt: before?.observedAt ?? null,
    sweepId: before?.sweepId ?? null,
    lastError,
    goodReads: 0,
    failedReads: (before?.failedReads ?? 0) + (lastError.code === BUSY ? 0 : 1),
  };
}

/** A worker's observations after some sources were read again. */
export function withReadings(before: Observations, readings: readonly Observation[]): Observations {
  return { ...before, ...Object.fromEntries(readings.map((reading) => [reading.source, reading])) };
}
