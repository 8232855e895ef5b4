import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, CallerReach, OfWorker, pathId, Problems, RequiresRole } from '../../http';
import { FleetClock } from '../../kernel/clocks';
import { type Reach } from '../../kernel/reach';
import { GetWorker } from '../../workers';
import { GetMetrics } from '../application/get-metrics.query';
import { METRIC_NAMES } from '../domain/metric-sample';
import { metricsQuery, type MetricsQuery, stepsAskedFor } from './metric-series.query';
import { METRICS_EXAMPLE, metricsView, type MetricsView, toMetricsView } from './metric-series.view';

/** What was sampled of workers. `GET /metrics`, for Prometheus, is about this process and stands in the metrics module. */
@ApiTags('workers')
@Controller('api/v1/workers/:id')
export class MetricSeriesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
  ) {}

  @Get('metrics')
  @RequiresRole('viewer')
  @OfWorker()
  @ApiOperation({
    summary: 'How the load of a worker went: CPU, memory, disk, network, nodes and labs, for 30 days',
    description:
      'Averages of steps of equal length, at most 1500 for each metric. A step without a sample is null, never 0. Values of CML are samples of the whole host at one time, values of CloudWatch averages of five minutes, which come late.',
  })
  @Answers(200, metricsView, { description: 'One series for each metric', example: METRICS_EXAMPLE })
  @Problems('worker-not-found')
  async metrics(
    @Param('id', { schema: pathId }) id: string,
    @Query({ schema: metricsQuery }) query: MetricsQuery,
    @CallerReach() reach: Reach,
  ): Promise<MetricsView> {
    const range = stepsAskedFor(query, this.clock.now());
    // one that is not there has no samples either, so neither waits for the other
    const [found] = await Promise.all([
      this.queries.execute(new GetMetrics(id, query.names ?? METRIC_NAMES, range)),
      this.queries.execute(new GetWorker(id, null, reach)),
    ]);
    return toMetricsView(id, range, found);
  }
}
