import { type MetricName, type MetricSample } from './metric-sample';
import { type MetricSteps, type StepRange } from './metric-series';
import {
  type ActivityValues,
  type LabsValues,
  type LicenseValues,
  type Observation,
  type Observations,
  type Source,
  type SystemValues,
} from './observation';
import { type RegionSweep } from './region-sweep';
import { type Signal, type SignalInterval } from './signal';

/** A CML server and how to trust it. */
export interface CmlServer {
  readonly workerId: string;
  /** IP address or host name */
  readonly host: string;
  /** SHA-256 fingerprint (`AB:CD:…`) of the pinned certificate; null: none yet */
  readonly pinnedCertificate: string | null;
  /** an account of its own, whose password is in the vault; null: the fleet's */
  readonly credentials: { readonly username: string; readonly passwordRef: string } | null;
}

/** A reading with the certificate that the server showed; null where TLS is verified otherwise or switched off. */
export interface CmlReading<V> {
  readonly values: V;
  readonly certificate: string | null;
}

export type CmlFailure =
  /** no connection: refused, unreachable, name not found */
  | 'unreachable'
  | 'timeout'
  /** 502, 503, 504, or HTML where JSON was due: services are starting */
  | 'not-ready'
  /** the certificate is not the pinned one, or does not verify */
  | 'certificate'
  /** user name or password refused, or not enough rights */
  | 'credentials'
  /** 409: it cannot be done now, but later */
  | 'busy'
  /** nodes run, and must not for what was asked */
  | 'nodes-running'
  /** the server answered an error of its own */
  | 'refused'
  /** an answer that cannot be understood, or is larger than we read */
  | 'unreadable';

/** CML as seen over its REST API. Every method throws CmlError, and nothing else, within its time-out. */
export abstract class CmlClient {
  abstract readSystem(server: CmlServer): Promise<CmlReading<SystemValues>>;
  /** Labs of all users. */
  abstract readLabs(server: CmlServer): Promise<CmlReading<LabsValues>>;
  /** Events newer than the watermark of `before`; what `before` knew stays known. */
  abstract readActivity(
    server: CmlServer,
    before: ActivityValues | null,
  ): Promise<CmlReading<ActivityValues>>;
  abstract readLicense(server: CmlServer): Promise<CmlReading<LicenseValues>>;
}

/** An observation as it was stored, and after a later reading of the same values. */
export interface Confirmation {
  readonly before: Observation;
  readonly after: Observation;
}

/** The latest observation per worker and source, overwritten. */
export abstract class ObservationStore {
  /** One whose `observedAt` is older than what is stored is dropped: a late writer changes nothing. */
  abstract save(observations: readonly Observation[]): Promise<void>;
  /**
   * As `save` of `after`, where it says what `before` said, only later: many that were read together cost as much as
   * one. One that is no longer as it was read is saved like any other.
   */
  abstract confirm(again: readonly Confirmation[]): Promise<void>;
  abstract of(workerId: string): Promise<Observations>;
  /** Of some sources only, where no others are needed. */
  abstract ofMany(
    workerIds: readonly string[],
    sources?: readonly Source[],
  ): Promise<ReadonlyMap<string, Observations>>;
}

/** The same interval as it was stored, and with one reading more. */
export interface Prolongation {
  readonly before: SignalInterval;
  readonly after: SignalInterval;
}

/** How each signal of each worker went over time, as intervals, for 90 days. */
export abstract class SignalHistory {
  /** The interval that each signal is in; of some signals only, where no others are needed. */
  abstract current(
    workerIds: readonly string[],
    signals?: readonly Signal[],
  ): Promise<ReadonlyMap<string, ReadonlyMap<Signal, SignalInterval>>>;
  /** Stores intervals by worker, signal and `from`: a longer one replaces the same one when it was shorter. */
  abstract save(intervals: readonly SignalInterval[]): Promise<void>;
  /** As `save` of `after`, where it is `before` and one reading more: many that were read together cost as much as one. */
  abstract prolong(again: readonly Prolongation[]): Promise<void>;
  /** Intervals of a worker that overlap the time, oldest first. */
  abstract between(workerId: string, from: Date, to: Date): Promise<SignalInterval[]>;
}

/** How the latest sweep of each region went, for every process to see. */
export abstract class RegionSweepStore {
  /** One whose fence is smaller than what is stored is dropped: a late holder changes nothing. */
  abstract save(sweep: RegionSweep): Promise<void>;
  /** Those that were ever swept, by region. */
  abstract all(): Promise<ReadonlyMap<string, RegionSweep>>;
}

/** What was sampled of workers over the last 30 days. */
export abstract class MetricSamples {
  /**
   * A sample that is there already changes nothing, whoever stores it again and how late; of one time and metric there
   * is one value, the one stored last.
   */
  abstract save(samples: readonly MetricSample[]): Promise<void>;
  /** Sums up the metrics of a worker by steps; steps without a sample are left out. */
  abstract steps(workerId: string, names: readonly MetricName[], range: StepRange): Promise<MetricSteps>;
}
