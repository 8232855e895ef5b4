import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { ComputeError, GetActiveWorkers } from '../../workers';
import { failed, type Observation, observed } from '../domain/observation';
import { ObservationStore } from '../domain/ports';
import { isLaunched } from './ec2-recorder';
import { MetricsSource } from './ec2.ports';

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
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
  ) {}

  /** @throws StoreUnavailable */
  async execute({ region }: ObserveMetrics): Promise<void> {
    const active = await this.queries.execute(new GetActiveWorkers(region));
    const workers = active.filter(({ status }) => status === 'RUNNING').filter(isLaunched);
    if (workers.length === 0) return;
    const before = await this.observations.ofMany(workers.map(({ id }) => id));
    const reading = await this.readingOf(
      region,
      workers.map(({ awsInstanceId }) => awsInstanceId),
    );
    const readings = workers.map(({ id, awsInstanceId }) =>
      reading(before.get(id)?.cloudwatch, id, awsInstanceId),
    );
    await this.observations.save(readings);
  }

  /** How to make each worker's observation of the one answer, or of the one refusal. */
  private async readingOf(region: string, instanceIds: readonly string[]) {
    type Cpu = Observation<'cloudwatch'>;
    const begunAt = this.clock.now();
    try {
      const points = await this.metrics.cpuUtilization(region, instanceIds);
      return (before: Cpu | undefined, workerId: string, instanceId: string): Cpu => {
        const cpuUtilization = points.get(instanceId) ?? null;
        return observed(before, workerId, 'cloudwatch', { cpuUtilization }, begunAt);
      };
    } catch (error) {
      if (!(error instanceof ComputeError)) throw error;
      const lastError = { code: error.awsCode, message: error.message, at: begunAt };
      return (before: Cpu | undefined, workerId: string): Cpu =>
        failed(before, workerId, 'cloudwatch', lastError);
    }
  }
}
