import { GetMetricDataCommand, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { type FleetClock, MINUTE, plus } from '../../kernel/clocks';
import { type MetricReading, MetricsSource, type MetricsAnswer, type MetricTarget } from '../../telemetry';
import { type ComputeError } from '../../workers';
import { type AwsClients } from './aws-clients';
import { metricsOf, newestOf, numberOf, type MetricOptions, queryOf } from './metric-queries';
import { readPages } from './paged';

/** The most that one GetMetricData takes. */
const QUERIES_PER_CALL = 500;
/** Points come late, so the window holds several periods. */
const WINDOW_MS = 20 * MINUTE;

/** Metrics over GetMetricData, which is billed by the metric: one query for each of an instance, and no more. */
export class CloudWatchMetrics extends MetricsSource {
  /** @param clock the time whose metrics are asked for */
  constructor(
    private readonly clients: AwsClients,
    private readonly clock: FleetClock,
    private readonly options: MetricOptions,
  ) {
    super();
  }

  /** All metrics of an instance are in one call, so that one that fails spoils no more than its own instances. */
  async newest(region: string, targets: readonly MetricTarget[]): Promise<MetricsAnswer> {
    const byInstance = new Map<string, MetricReading>();
    const failed = new Map<string, ComputeError>();
    const size = Math.floor(QUERIES_PER_CALL / metricsOf(this.options).length);
    for (let from = 0; from < targets.length; from += size) {
      const chunk = targets.slice(from, from + size);
      const { readings, error } = await this.read(region, chunk);
      chunk.forEach(({ instanceId }, index) => {
        if (error) failed.set(instanceId, error);
        else byInstance.set(instanceId, readings[index] ?? {});
      });
    }
    return { byInstance, failed };
  }

  /** The readings of a chunk, in its order. */
  private async read(
    region: string,
    targets: readonly MetricTarget[],
  ): Promise<{ readings: MetricReading[]; error: ComputeError | null }> {
    const { cloudWatch } = this.clients.of(region, 'sweep');
    const now = this.clock.now();
    const metrics = metricsOf(this.options);
    const input = {
      StartTime: plus(now, -WINDOW_MS),
      EndTime: now,
      ScanBy: 'TimestampDescending' as const,
      MetricDataQueries: targets.flatMap((target, index) =>
        metrics.map((metric, place) => queryOf(metric, target, this.options, index * metrics.length + place)),
      ),
    };
    const call = { action: 'GetMetricData', region, changes: false };
    const { items, error } = await readPages(call, async (NextToken) => {
      const answer = await cloudWatch.send(new GetMetricDataCommand({ ...input, NextToken }));
      return { items: answer.MetricDataResults ?? [], nextToken: answer.NextToken };
    });
    const results = new Map<number, MetricDataResult[]>();
    for (const result of items) {
      const number = numberOf(result);
      results.set(number, [...(results.get(number) ?? []), result]);
    }
    const readings = targets.map((_target, index) =>
      Object.fromEntries(
        metrics.flatMap((metric, place) => {
          const parts = results.get(index * metrics.length + place) ?? [];
          const point = newestOf(metric, parts);
          return point || isComplete(parts) ? [[metric.name, point]] : [];
        }),
      ),
    );
    return { readings, error };
  }
}

/** Whether CloudWatch said all that it has on a metric; where it did not, no point does not mean that there is none. */
function isComplete(parts: readonly MetricDataResult[]): boolean {
  return parts.at(-1)?.StatusCode === 'Complete';
}
