import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type MetricName } from '../domain/metric-sample';
import { seriesOf, type SeriesPoint, type StepRange } from '../domain/metric-series';
import { MetricSamples } from '../domain/ports';

export interface MetricSeries {
  readonly name: MetricName;
  /** one for each step of the range */
  readonly points: readonly SeriesPoint[];
}

/** How metrics of a worker went, in the order of the names. A worker of which nothing is known has nothing but gaps. */
export class GetMetrics extends Query<readonly MetricSeries[]> {
  constructor(
    readonly workerId: string,
    readonly names: readonly MetricName[],
    readonly range: StepRange,
  ) {
    super();
  }
}

@QueryHandler(GetMetrics)
export class GetMetricsHandler implements IQueryHandler<GetMetrics> {
  constructor(private readonly samples: MetricSamples) {}

  /** @throws StoreUnavailable */
  async execute({ workerId, names, range }: GetMetrics): Promise<readonly MetricSeries[]> {
    const steps = await this.samples.steps(workerId, names, range);
    return names.map((name) => ({ name, points: seriesOf(steps.get(name) ?? [], range) }));
  }
}
