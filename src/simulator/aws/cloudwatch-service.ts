import { MINUTE } from '../../kernel/clocks';
import { type World } from '../world';
import { AwsError } from './aws-error';
import { type Region } from './model/region';

/** Basic monitoring has one point in five minutes, however short a period a query names. */
const BASIC_PERIOD_SECONDS = 300;

interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

interface MetricDataQuery {
  readonly Id: string;
  readonly Label?: string;
  readonly MetricStat?: {
    readonly Metric: { Namespace: string; MetricName: string; Dimensions?: readonly Dimension[] };
    readonly Period: number;
  };
}

interface GetMetricDataInput {
  /** epoch seconds, as AWS JSON writes times */
  readonly StartTime: number;
  readonly EndTime: number;
  readonly ScanBy?: 'TimestampAscending' | 'TimestampDescending';
  readonly MetricDataQueries: readonly MetricDataQuery[];
}

/**
 * Answers GetMetricData as AWS JSON 1.0. `AWS/EC2` CPUUtilization follows the load of the world; any other metric has
 * no points, which CloudWatch answers as an empty result.
 * @throws AwsError
 */
export function answerCloudWatch(
  action: string,
  input: Readonly<Record<string, unknown>>,
  region: Region,
  world: World,
): string {
  if (action !== 'GetMetricData') {
    throw new AwsError('UnknownOperationException', `Unknown operation ${action}`);
  }
  world.allow(action, 'AccessDenied');
  const request = input as unknown as GetMetricDataInput;
  return JSON.stringify({
    MetricDataResults: request.MetricDataQueries.map((query) => {
      const points = pointsOf(query, request, region, world);
      if (request.ScanBy !== 'TimestampAscending') points.reverse();
      return {
        Id: query.Id,
        Label: query.Label ?? query.MetricStat?.Metric.MetricName ?? query.Id,
        Timestamps: points.map((point) => point.at / 1000),
        Values: points.map((point) => point.value),
        StatusCode: 'Complete',
      };
    }),
    Messages: [],
  });
}

interface Point {
  /** epoch milliseconds: the start of the period */
  readonly at: number;
  readonly value: number;
}

function pointsOf(
  query: MetricDataQuery,
  request: GetMetricDataInput,
  region: Region,
  world: World,
): Point[] {
  const metric = query.MetricStat?.Metric;
  const instanceId = metric?.Dimensions?.find(({ Name }) => Name === 'InstanceId')?.Value;
  const known = region.instances.some((instance) => instance.id === instanceId);
  if (!instanceId || !known || metric?.Namespace !== 'AWS/EC2' || metric.MetricName !== 'CPUUtilization')
    return [];

  const period = Math.max(query.MetricStat?.Period ?? BASIC_PERIOD_SECONDS, BASIC_PERIOD_SECONDS) * 1000;
  const points: Point[] = [];
  const first = Math.ceil((request.StartTime * 1000) / period) * period;
  const end = Math.min(request.EndTime * 1000, region.now.getTime() - period + 1);
  for (let at = first; at < end; at += period) {
    const value = averageCpu(world, instanceId, at, period);
    if (value !== null) points.push({ at, value });
  }
  return points;
}

/** Average of one reading a minute; null where the instance ran at none of them. */
function averageCpu(world: World, instanceId: string, from: number, period: number): number | null {
  const readings: number[] = [];
  for (let at = from; at < from + period; at += MINUTE) {
    const reading = world.cpuPercent(instanceId, new Date(at));
    if (reading !== null) readings.push(reading);
  }
  if (readings.length === 0) return null;
  return readings.reduce((sum, reading) => sum + reading, 0) / readings.length;
}
