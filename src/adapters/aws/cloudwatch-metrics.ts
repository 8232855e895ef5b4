import {
  type CloudWatchClient,
  type MetricDataQuery,
  type MetricDataResult,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';
import { type FleetClock, MINUTE, plus } from '../../kernel/clocks';
import { MetricsSource } from '../../telemetry';
import { type AwsClients } from './aws-clients';
import { withComputeErrors } from './aws-errors';

/** The most that one GetMetricData takes. */
const QUERIES_PER_CALL = 500;
/** Basic monitoring, which costs nothing extra, has a point every five minutes. */
const PERIOD_SECONDS = 300;
/** Points come late, so the window holds several periods. */
const WINDOW_MS = 20 * MINUTE;

interface Point {
  readonly at: Date;
  readonly value: number;
}

/** CPU utilisation over GetMetricData, which is billed by the metric: one query for each instance, and no more. */
export class CloudWatchMetrics extends MetricsSource {
  /** @param clock the time whose metrics are asked for */
  constructor(
    private readonly clients: AwsClients,
    private readonly clock: FleetClock,
  ) {
    super();
  }

  cpuUtilization(region: string, instanceIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return withComputeErrors({ action: 'GetMetricData', region, changes: false }, async () => {
      const { cloudWatch } = this.clients.of(region, 'sweep');
      const newest = new Map<string, number>();
      for (let from = 0; from < instanceIds.length; from += QUERIES_PER_CALL) {
        const chunk = instanceIds.slice(from, from + QUERIES_PER_CALL);
        for (const [id, { value }] of await this.chunk(cloudWatch, chunk)) newest.set(id, value);
      }
      return newest;
    });
  }

  private async chunk(client: CloudWatchClient, ids: readonly string[]): Promise<Map<string, Point>> {
    const now = this.clock.now();
    const input = {
      StartTime: plus(now, -WINDOW_MS),
      EndTime: now,
      ScanBy: 'TimestampDescending' as const,
      MetricDataQueries: ids.map(cpuQuery),
    };
    const newest = new Map<string, Point>();
    for await (const { MetricDataResults } of paginateGetMetricData({ client }, input)) {
      for (const result of MetricDataResults ?? []) {
        const id = ids[Number(result.Id?.slice(1))];
        if (id === undefined) continue;
        for (const point of pointsOf(result)) {
          const before = newest.get(id);
          if (!before || before.at < point.at) newest.set(id, point);
        }
      }
    }
    return newest;
  }
}

/** A query's own id must begin with a lower-case letter and has no place for a dash: m0, m1 … stand for the instances. */
function cpuQuery(instanceId: string, index: number): MetricDataQuery {
  return {
    Id: `m${index}`,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/EC2',
        MetricName: 'CPUUtilization',
        Dimensions: [{ Name: 'InstanceId', Value: instanceId }],
      },
      Period: PERIOD_SECONDS,
      Stat: 'Average',
    },
  };
}

function pointsOf({ Timestamps, Values }: MetricDataResult): Point[] {
  return (Timestamps ?? []).flatMap((at, index) => {
    const value = Values?.[index];
    return value === undefined ? [] : [{ at, value }];
  });
}
