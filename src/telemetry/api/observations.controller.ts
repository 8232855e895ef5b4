import { Controller, Get, Inject, Logger, Param, Post, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { z } from 'zod';
import {
  Answers,
  CallerReach,
  OfAllLabs,
  OfWorker,
  pathId,
  Problems,
  RequestContext,
  RequiresRole,
} from '../../http';
import { FleetClock, MINUTE, SECOND } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { type Reach, withAllLabs } from '../../kernel/reach';
import { GetWorker } from '../../workers';
import { GetObservations } from '../application/get-observations.query';
import { ObserveWorker } from '../application/observe-worker.command';
import { maximalAgeMs, TELEMETRY_OPTIONS, type TelemetryOptions } from '../application/telemetry.options';
import { type Source } from '../domain/observation';
import { observationsView, type ObservationsView, toObservationsView } from './observations.view';
import { RefreshThrottle } from './refresh-throttle';

const refreshView = z
  .object({ workerId: z.uuid(), observations: z.string().describe('Where to see what was observed') })
  .meta({ id: 'Refresh' });

/** CloudWatch's own points come every five minutes and late, and have the time at which these begin. */
const CLOUDWATCH_READINGS = 3;
const CLOUDWATCH_LATE_MS = 10 * MINUTE;

@ApiTags('workers')
@Controller('api/v1/workers/:id')
export class ObservationsController {
  private readonly logger = new Logger(ObservationsController.name);

  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly throttle: RefreshThrottle,
    private readonly clock: FleetClock,
    @Inject(TELEMETRY_OPTIONS) private readonly options: TelemetryOptions,
  ) {}

  @Get('observations')
  @RequiresRole('viewer')
  @OfWorker()
  @OfAllLabs()
  @ApiOperation({
    summary:
      'What each source last said about a worker, with its age and its latest error, and the signs of use',
  })
  @Answers(200, observationsView, { description: 'The latest reading of each source' })
  @Problems('worker-not-found')
  async observations(
    @Param('id', { schema: pathId }) id: string,
    @CallerReach() reach: Reach,
  ): Promise<ObservationsView> {
    await this.queries.execute(new GetWorker(id, null, withAllLabs(reach)));
    const found = await this.queries.execute(new GetObservations([id]));
    const observed = found.get(id) ?? { observations: {}, signals: new Map() };
    return toObservationsView(id, observed, this.clock.now(), (source) => this.maximalAgeMs(source));
  }

  @Post('refresh')
  @RequiresRole('operator')
  @OfWorker()
  @ApiOperation({ summary: 'Observe a worker now; at most once in ten seconds' })
  @Answers(202, refreshView, { description: 'It is being observed; what comes of it is seen on the worker' })
  @Problems('worker-not-found', 'too-many-refreshes')
  async refresh(
    @Param('id', { schema: pathId }) id: string,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.input<typeof refreshView>> {
    await this.queries.execute(new GetWorker(id, null, context.reach));
    this.throttle.take(id);
    void this.observe(id, context);
    response.location(`/api/v1/workers/${id}`);
    return { workerId: id, observations: `/api/v1/workers/${id}/observations` };
  }

  /** Nobody waits for it, so what goes wrong is told here. */
  private async observe(workerId: string, context: CommandContext): Promise<void> {
    try {
      await this.commands.execute(new ObserveWorker(workerId, { ...context, reason: 'a refresh' }));
    } catch (err) {
      const { correlationId } = context;
      this.logger.error({ err, workerId, correlationId }, 'a refresh failed');
    }
  }

  private maximalAgeMs(source: Source): number {
    if (source !== 'cloudwatch') return maximalAgeMs(this.options, source);
    return CLOUDWATCH_READINGS * this.options.cloudwatchSeconds * SECOND + CLOUDWATCH_LATE_MS;
  }
}
