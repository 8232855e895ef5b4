import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { GetActiveWorkers } from '../../workers';
import {
  type CloudWatchMetric,
  type CloudWatchValues,
  failed,
  type Observation,
  observed,
} from '../domain/observation';
import { ObservationStore } from '../domain/ports';
import { isLaunched, type LaunchedWorker } from './ec2-recorder';
import { type MetricsAnswer, MetricsSource, type MetricTarget } from './ec2.ports';
import { SampleRecorder } from './sample-recorder';

/** Reads CloudWatch for a region's running workers. Its values are shown; no decision rests on them. */
export class ObserveMetrics extends Command<void> {
  constructor(readonly region: string) {
    super();
  }
}

@CommandHandler(ObserveMetrics)
export class ObserveMetricsHandler implements ICommandHandler<ObserveMetrics> {
  constructor(
    private readonly metrics: MetricsSource,
    private readonly observations: ObservationStore,
    private readonly samples: SampleRecorder,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
  ) {}

  /** @throws StoreUnavailable */
  async execute({ region }: ObserveMetrics): Promise<void> {
    const active = await this.queries.execute(new GetActiveWorkers(region));
    const workers = active.filter(({ status }) => status === 'RUNNING').filter(isLaunched);
    if (workers.length === 0) return;
    const before = await this.observations.ofMany(
      workers.map(({ id }) => id),
      ['cloudwatch'],
    );
    const begunAt = this.clock.now();
    const answer = await this.metrics.newest(region, workers.map(targetOf));
    const readings = workers.map((worker) =>
      observationOf(worker, before.get(worker.id)?.cloudwatch, answer, begunAt),
    );
    await this.observations.save(readings);
    await this.samples.record(readings);
  }
}

function targetOf({ awsInstanceId, amiId, appliedInstanceType }: LaunchedWorker): MetricTarget {
  return { instanceId: awsInstanceId, amiId, instanceType: appliedInstanceType };
}

const METRICS: readonly CloudWatchMetric[] = [
  'cpuUtilization',
  'memoryUtilization',
  'networkInBytesPerSecond',
  'networkOutBytesPerSecond',
  'statusCheckFailed',
];

/**
 * Observed at the time of the call, like that of any source; each value has its own, which is its point's. A metric that
 * was not answered keeps the point that it had, one that CloudWatch has nothing of has none.
 */
function observationOf(
  { id, awsInstanceId }: LaunchedWorker,
  before: Observation<'cloudwatch'> | undefined,
  { byInstance, failed: failures }: MetricsAnswer,
  begunAt: Date,
): Observation<'cloudwatch'> {
  const reading = byInstance.get(awsInstanceId);
  if (!reading) {
    const { awsCode = 'Unknown', message = 'It was not read.' } = failures.get(awsInstanceId) ?? {};
    return failed(before, id, 'cloudwatch', { code: awsCode, message, at: begunAt });
  }
  const known = before?.values;
  const points = METRICS.map((name) => [name, name in reading ? reading[name] : (known?.[name] ?? null)]);
  return observed(before, id, 'cloudwatch', Object.fromEntries(points) as CloudWatchValues, begunAt);
}
