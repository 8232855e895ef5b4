import { Controller, Get, Param, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { SCANNED_AT_MOST } from '../../event-store';
import {
  Answers,
  CallerReach,
  CLOUD_EVENT_EXAMPLE,
  cloudEventView,
  decodeCursor,
  encodeCursor,
  eventTypes,
  givenTime,
  type Page,
  pageOf,
  pageQuery,
  OfWorker,
  pathId,
  Problems,
  RequestContext,
  RequiresRole,
} from '../../http';
import { AskForConnection } from '../application/ask-for-connection.command';
import { ListWorkerEvents } from '../application/list-worker-events.query';
import { type CommandContext } from '../../kernel/command-context';
import { type Reach } from '../../kernel/reach';
import { type Connection } from '../domain/connection';
import { CMLServiceStatus, CMLWorkerStatus, LicenseStatus } from '../domain/worker-status';

const connectionView = z
  .object({
    ready: z.boolean(),
    httpsEndpoint: z.string().optional().describe('Only where ready'),
    status: z.enum(CMLWorkerStatus).optional(),
    serviceStatus: z.enum(CMLServiceStatus).optional(),
    licenseStatus: z.enum(LicenseStatus).optional(),
    message: z.string().optional().describe('What is missing, where not ready'),
    retryAfterSeconds: z.number().int().nullable().optional().describe('null: waiting alone does not help'),
  })
  .meta({ id: 'Connection' });

const eventsQuery = pageQuery.extend({
  from: givenTime.optional(),
  to: givenTime.optional(),
  type: eventTypes,
});

const historyPlace = z.object({ after: z.number().int().min(0), skip: z.number().int().min(0) });

@ApiTags('workers')
@Controller('api/v1/workers/:id')
export class WorkerReadsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get('connection')
  @RequiresRole('user')
  @OfWorker()
  @ApiOperation({
    summary: 'Where to connect to, or what is missing until one can',
    description:
      'The first answer that is ready is a use of the worker, which keeps it from being stopped as idle for a while; who asks again within 10 minutes is polling, and does not count. While an automatic stop is under way no connection is offered: starting, snoozing or keeping the worker alive calls the stop off. Where the use cannot be noted, the answer is 503 and not ready.',
  })
  @Answers(200, connectionView, {
    description: 'Whether somebody can use the CML server now',
    example: { ready: true, httpsEndpoint: 'https://203.0.113.17' },
  })
  @Problems('worker-not-found', 'version-conflict')
  connection(
    @Param('id', { schema: pathId }) id: string,
    @RequestContext() context: CommandContext,
  ): Promise<Connection> {
    return this.commands.execute(new AskForConnection(id, context));
  }

  @Get('events')
  @RequiresRole('viewer')
  @OfWorker()
  @ApiOperation({
    summary: "A worker's history as CloudEvents, newest last",
    description: `A request reads about ${SCANNED_AT_MOST} commits at most: with a filter that matches little, a page may be short, or empty, and still have a \`nextCursor\`. Released and terminated workers keep their history.`,
  })
  @Answers(200, pageOf(cloudEventView, 'WorkerEventPage'), {
    description: 'One page of events',
    example: { items: [CLOUD_EVENT_EXAMPLE], nextCursor: null },
  })
  @Problems('worker-not-found')
  async events(
    @Param('id', { schema: pathId }) id: string,
    @Query({ schema: eventsQuery }) query: z.output<typeof eventsQuery>,
    @CallerReach() reach: Reach,
  ): Promise<Page<unknown>> {
    const { limit, cursor, type: types, from, to } = query;
    const start = decodeCursor(cursor, historyPlace);
    const request = { filter: { types, from, to }, start, limit };
    const { events, next } = await this.queries.execute(new ListWorkerEvents(id, request, reach));
    return { items: events.map((event) => event.toJSON()), nextCursor: next && encodeCursor(next) };
  }
}
