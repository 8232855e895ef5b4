import {
  ComputeError,
  type InstanceHealth,
  type InstanceReading,
  type SpotInterruption,
} from '../../workers';
import {
  type AboutInstances,
  type AnswerByIds,
  InstanceSource,
  type Listing,
  type MetricReading,
  type MetricsAnswer,
  MetricsSource,
  type MetricTarget,
} from '../application/ec2.ports';
import { type CloudWatchValues } from '../domain/observation';

export function anInstance(given: Partial<InstanceReading> = {}): InstanceReading {
  return {
    instanceId: 'i-0123456789abcdef0',
    status: 'RUNNING',
    accountId: '111122223333',
    instanceType: 'c5.metal',
    amiId: 'ami-1',
    publicIp: '203.0.113.10',
    privateIp: '10.0.0.10',
    launchedAt: null,
    stateReason: null,
    clientToken: null,
    market: 'on-demand',
    health: null,
    interruption: null,
    tags: {},
    ...given,
  };
}

export const throttled = () =>
  new ComputeError('throttled', 'RequestLimitExceeded', 'AWS asks to slow down.');

/** EC2 and CloudWatch over maps, with switches for what goes wrong. */
export class FakeEc2 extends InstanceSource {
  readonly listed = new Map<string, InstanceReading[]>();
  /** instances that the listing does not show, but that EC2 knows by id */
  readonly hidden = new Map<string, InstanceReading>();
  readonly failing = new Map<string, Error>();
  readonly failingById = new Map<string, ComputeError>();
  /** regions whose listing answers only when the promise does */
  readonly held = new Map<string, Promise<void>>();
  readonly askedById: string[][] = [];
  readonly checked = new Map<string, InstanceHealth>();
  readonly taken = new Map<string, SpotInterruption>();
  readonly askedForInterruptions: string[][] = [];
  failingHealth: ComputeError | null = null;
  account: string | null = '111122223333';

  /** Where it fails, what is listed was read before. */
  async listManaged(region: string): Promise<Listing> {
    await this.held.get(region);
    const error = this.failing.get(region) ?? null;
    if (error && !(error instanceof ComputeError)) throw error;
    return { instances: this.listed.get(region) ?? [], complete: !error, pages: 1, error };
  }

  listByIds(region: string, ids: readonly string[]): Promise<AnswerByIds> {
    this.askedById.push([...ids]);
    const error = this.failingById.get(region);
    if (error) return Promise.resolve({ found: [], notFound: [], error });
    const known = [...(this.listed.get(region) ?? []), ...this.hidden.values()];
    const found = known.filter(({ instanceId }) => ids.includes(instanceId));
    const foundIds = found.map(({ instanceId }) => instanceId);
    const notFound = ids.filter((id) => !foundIds.includes(id));
    return Promise.resolve({ found, notFound, error: null });
  }

  health(): Promise<AboutInstances<InstanceHealth>> {
    return Promise.resolve({ byInstance: this.checked, error: this.failingHealth });
  }

  interruptions(_region: string, ids: readonly string[]): Promise<AboutInstances<SpotInterruption>> {
    this.askedForInterruptions.push([...ids]);
    return Promise.resolve({ byInstance: this.taken, error: null });
  }

  accountId(): Promise<string> {
    return this.account ? Promise.resolve(this.account) : Promise.reject(throttled());
  }
}

/** CloudWatch over maps; an instance without readings has no point of any metric. */
export class FakeCloudWatch extends MetricsSource {
  readonly readings = new Map<string, MetricReading>();
  /** by region, or by instance */
  readonly failing = new Map<string, Error>();
  readonly asked: MetricTarget[] = [];

  newest(region: string, targets: readonly MetricTarget[]): Promise<MetricsAnswer> {
    this.asked.push(...targets);
    const byInstance = new Map<string, MetricReading>();
    const failed = new Map<string, ComputeError>();
    for (const { instanceId } of targets) {
      const failure = this.failing.get(region) ?? this.failing.get(instanceId);
      if (failure && !(failure instanceof ComputeError)) return Promise.reject(failure);
      if (failure) failed.set(instanceId, failure);
      else byInstance.set(instanceId, this.readings.get(instanceId) ?? NO_POINTS);
    }
    return Promise.resolve({ byInstance, failed });
  }
}

export const NO_POINTS: CloudWatchValues = {
  cpuUtilization: null,
  memoryUtilization: null,
  networkInBytesPerSecond: null,
  networkOutBytesPerSecond: null,
  statusCheckFailed: null,
};
