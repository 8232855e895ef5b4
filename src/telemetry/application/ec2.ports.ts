import { type InstanceReading } from '../../workers';

/** What one region holds of ours, as one sweep saw it. */
export interface InstanceListing {
  readonly region: string;
  /** fleet time at which the first call was begun */
  readonly begunAt: Date;
  readonly instances: readonly InstanceReading[];
  /** ids that were asked for by name and that EC2 said it does not know */
  readonly notFound: readonly string[];
}

/** EC2, as far as observation needs it. Every method throws the workers module's ComputeError when AWS refuses. */
export abstract class InstanceSource {
  /** All pages of the instances that are tagged as managed; throws rather than answer a part of them. */
  abstract listManaged(region: string): Promise<InstanceReading[]>;
  /** Asks for instances by id; those that EC2 does not know come back as `notFound`. */
  abstract listByIds(
    region: string,
    ids: readonly string[],
  ): Promise<{ found: InstanceReading[]; notFound: string[] }>;
  /** The account whose credentials we use: only its own word makes an instance of a worker be gone. */
  abstract accountId(region: string): Promise<string>;
}

/** CloudWatch in batches. Throws ComputeError. */
export abstract class MetricsSource {
  /** Newest CPUUtilization point (percent, 0–100) per instance id; an instance without one is left out. */
  abstract cpuUtilization(
    region: string,
    instanceIds: readonly string[],
  ): Promise<ReadonlyMap<string, number>>;
}
