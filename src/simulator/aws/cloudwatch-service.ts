import { SECOND } from '../../kernel/clocks';
import { type Strike } from '../faults/strike';
import { type World } from '../world';
import { AwsError } from './aws-error';
import { readingsOf } from './metrics';
import { type Region } from './model/region';

/** Basic monitoring has one point in five minutes, however short a period a query names. */
const BASIC_PERIOD_SECONDS = 300;
const MAX_QUERIES = 500;

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
    readonly Stat?: string;
  };
}

interface GetMetricDataInput {
  /** epoch seconds, as AWS JSON writes times */
  readonly StartTime: number;
  readonly EndTime: number;
  readonly ScanBy?: 'TimestampAscending' | 'TimestampDescending';
  readonly NextToken?: string;
  readonly MetricDataQueries: readonly MetricDataQuery[];
}

interface CloudWatchCall {
  readonly region: Region;
  readonly world: World;
  readonly strike: Strike;
}

/**
 * Answers GetMetricData as AWS JSON 1.0. Metrics of instances follow the load of the world; any other metric has no
 * points, which CloudWatch answers as an empty result.
 * @throws AwsError
 */
export function answerCloudWatch(
  action: string,
  input: Readonly<Record<string, unknown>>,
  call: CloudWatchCall,
): string {
  if (action !== 'GetMetricData') {
    throw new AwsError('UnknownOperationException', `Unknown operation ${action}`);
  }
  const request = input as unknown as GetMetricDataInput;
  const queries = request.MetricDataQueries;
  if (queries.length > MAX_QUERIES) {
    throw new AwsError(
      'ValidationError',
      `The collection MetricDataQueries must not have a size greater than ${MAX_QUERIES}.`,
    );
  }
  const results = queries.map((query) => ({
    Id: query.Id,
    Label: query.Label ?? query.MetricStat?.Metric.MetricName ?? query.Id,
    ...valuesOf(query, request, call),
    StatusCode: 'Complete',
  }));
  return JSON.stringify({ ...paged(results, request, call.strike), Messages: [] });
}

type Result = { readonly StatusCode: string };

/** All results at once, unless a fault parts them in the middle. */
function paged(results: readonly Result[], { NextToken }: GetMetricDataInput, { partialData }: Strike) {
  const middle = Math.ceil(results.length / 2);
  if (NextToken !== undefined) return { MetricDataResults: results.slice(middle) };
  if (!partialData) return { MetricDataResults: results };
  const first = results.slice(0, middle).map((result) => ({ ...result, StatusCode: 'PartialData' }));
  return { MetricDataResults: first, NextToken: 'second-half' };
}

function valuesOf(query: MetricDataQuery, request: GetMetricDataInput, call: CloudWatchCall) {
  const points = pointsOf(query, request, call);
  if (request.ScanBy !== 'TimestampAscending') points.reverse();
  return {
    Timestamps: points.map((point) => point.at / SECOND),
    Values: points.map((point) => point.value),
  };
}

interface Point {
  /** epoch milliseconds: the start of the period */
  readonly at: number;
  readonly value: number;
}

function pointsOf(
  { MetricStat: stat }: MetricDataQuery,
  request: GetMetricDataInput,
  { region, world }: CloudWatchCall,
): Point[] {
  const id = stat?.Metric.Dimensions?.find(({ Name }) => Name === 'InstanceId')?.Value;
  const instance = region.find(id ?? '');
  if (!stat || !instance) return [];
  const readings = readingsOf(stat.Metric, instance, world);
  if (!readings) return [];
  const period = Math.max(stat.Period, BASIC_PERIOD_SECONDS) * SECOND;
  const points: Point[] = [];
  const first = Math.ceil((request.StartTime * SECOND) / period) * period;
  const complete = region.now.getTime() - world.options.timings.metricLagSeconds * SECOND - period + 1;
  const end = Math.min(request.EndTime * SECOND, complete);
  for (let at = first; at < end; at += period) {
    const value = aggregate(readings(at, period), stat.Stat ?? 'Average');
    if (value !== null) points.push({ at, value });
  }
  return points;
}

/** null where there was nothing to read */
function aggregate(readings: readonly number[], stat: string): number | null {
  if (readings.length === 0) return null;
  if (stat === 'Maximum') return Math.max(...readings);
  if (stat === 'Minimum') return Math.min(...readings);
  const sum = readings.reduce((total, reading) => total + reading, 0);
  return stat === 'Sum' ? sum : sum / readings.length;
}
