import { type Dimension, type MetricDataQuery, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { type CloudWatchMetric, type MetricPoint, type MetricTarget } from '../../telemetry';

/** Basic monitoring, which costs nothing extra, has a point every five minutes. */
export const PERIOD_SECONDS = 300;

interface Metric {
  readonly name: CloudWatchMetric;
  readonly namespace: 'AWS/EC2' | 'CWAgent';
  readonly metricName: string;
  readonly stat: 'Average' | 'Sum' | 'Maximum';
}

const OF_EC2: readonly Metric[] = [
  { name: 'cpuUtilization', namespace: 'AWS/EC2', metricName: 'CPUUtilization', stat: 'Average' },
  { name: 'networkInBytesPerSecond', namespace: 'AWS/EC2', metricName: 'NetworkIn', stat: 'Sum' },
  { name: 'networkOutBytesPerSecond', namespace: 'AWS/EC2', metricName: 'NetworkOut', stat: 'Sum' },
  { name: 'statusCheckFailed', namespace: 'AWS/EC2', metricName: 'StatusCheckFailed', stat: 'Maximum' },
];
/** EC2 cannot see an instance's memory: CloudWatch's agent measures it from inside, as a metric of one's own. */
const OF_AGENT: Metric = {
  ...{ name: 'memoryUtilization', namespace: 'CWAgent' },
  ...{ metricName: 'mem_used_percent', stat: 'Average' },
};

export interface MetricOptions {
  /** whether to ask for what the agent measures */
  readonly memory: boolean;
  /**
   * All dimensions of the agent's metric, since CloudWatch finds it by the exact set only: `InstanceId`, `ImageId`,
   * `InstanceType`, and `<name>=<value>`
   */
  readonly agentDimensions: readonly string[];
}

/** The metrics that are asked for of each instance. */
export function metricsOf({ memory }: MetricOptions): readonly Metric[] {
  return memory ? [...OF_EC2, OF_AGENT] : OF_EC2;
}

/** A query's own id must begin with a lower-case letter and has no place for a dash, so it is a number: m0, m1 … */
export function queryOf(
  metric: Metric,
  target: MetricTarget,
  { agentDimensions }: MetricOptions,
  number: number,
): MetricDataQuery {
  const own = [{ Name: 'InstanceId', Value: target.instanceId }];
  const Dimensions = metric.namespace === 'AWS/EC2' ? own : dimensionsOf(agentDimensions, target);
  const { namespace: Namespace, metricName: MetricName, stat: Stat } = metric;
  const Metric = { Namespace, MetricName, Dimensions };
  return { Id: `m${number}`, MetricStat: { Metric, Period: PERIOD_SECONDS, Stat } };
}

/** The number of the query that a result answers; NaN for none of ours. */
export function numberOf({ Id }: MetricDataResult): number {
  return Number(Id?.slice(1));
}

/** The newest point of results, in whatever order they come, in the unit of our name for the metric; null: no point. */
export function newestOf({ stat }: Metric, results: readonly MetricDataResult[]): MetricPoint | null {
  let newest: MetricPoint | null = null;
  for (const { Timestamps, Values } of results) {
    Timestamps?.forEach((at, index) => {
      const value = Values?.[index];
      if (value === undefined || (newest && newest.at >= at)) return;
      newest = { value: stat === 'Sum' ? value / PERIOD_SECONDS : value, at };
    });
  }
  return newest;
}

/** An instance without the dimension's value has no such metric: an empty value matches none. */
function dimensionsOf(
  names: readonly string[],
  { instanceId, amiId, instanceType }: MetricTarget,
): Dimension[] {
  const known: Readonly<Record<string, string>> = {
    InstanceId: instanceId,
    ImageId: amiId ?? '-',
    InstanceType: instanceType,
  };
  return names.map((text) => {
    const [Name = '', ...value] = text.split('=');
    return { Name, Value: value.length > 0 ? value.join('=') : (known[Name] ?? '-') };
  });
}
