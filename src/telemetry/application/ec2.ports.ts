import {
  type ComputeError,
  type InstanceHealth,
  type InstanceReading,
  type SpotInterruption,
} from '../../workers';
import { type CloudWatchValues } from '../domain/observation';

/**
 * What a listing read, each instance once. Whatever it shows was there; only a complete one says anything about what
 * it does not show.
 */
export interface Listing {
  readonly instances: readonly InstanceReading[];
  readonly complete: boolean;
  /** calls that were answered */
  readonly pages: number;
  /** what kept it from being complete; null where it is */
  readonly error: ComputeError | null;
}

/** What EC2 said about instances that were asked for by id. Those in neither list were not read, because of `error`. */
export interface AnswerByIds {
  readonly found: readonly InstanceReading[];
  readonly notFound: readonly string[];
  readonly error: ComputeError | null;
}

/** What was read about instances, by their ids. Without `error` there is nothing to say about those that are not in it. */
export interface AboutInstances<V> {
  readonly byInstance: ReadonlyMap<string, V>;
  readonly error: ComputeError | null;
}

/** EC2, as far as observation needs it. What AWS refuses is a part of the answer. */
export abstract class InstanceSource {
  /** The instances that are tagged as managed. */
  abstract listManaged(region: string): Promise<Listing>;
  abstract listByIds(region: string, ids: readonly string[]): Promise<AnswerByIds>;
  /** EC2's own checks of the region's running instances, whoever's they are, and what AWS plans to do to them. */
  abstract health(region: string): Promise<AboutInstances<InstanceHealth>>;
  /** Which of these spot instances AWS takes back. */
  abstract interruptions(
    region: string,
    instanceIds: readonly string[],
  ): Promise<AboutInstances<SpotInterruption>>;
  /**
   * The account whose credentials we use: only its own word makes an instance of a worker be gone.
   * @throws ComputeError
   */
  abstract accountId(region: string): Promise<string>;
}

/** What metrics are found by. */
export interface MetricTarget {
  readonly instanceId: string;
  readonly amiId: string | null;
  readonly instanceType: string;
}

/** What CloudWatch said of one instance; a metric that it did not answer in full is missing. */
export type MetricReading = Readonly<Partial<CloudWatchValues>>;

export interface MetricsAnswer {
  readonly byInstance: ReadonlyMap<string, MetricReading>;
  /** why the others were not read */
  readonly failed: ReadonlyMap<string, ComputeError>;
}

/** CloudWatch in batches. What AWS refuses is a part of the answer. */
export abstract class MetricsSource {
  abstract newest(region: string, targets: readonly MetricTarget[]): Promise<MetricsAnswer>;
}
