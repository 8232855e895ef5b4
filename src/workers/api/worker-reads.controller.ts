import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  Answers,
  decodeCursor,
  givenTime,
  type Page,
  page,
  pageOf,
  pageQuery,
  pathId,
  Problems,
  RequiresRole,
} from '../../http';
import { type Connection, GetConnection } from '../application/get-connection.query';
import { ListWorkerEvents } from '../application/list-worker-events.query';
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

const cloudEventView = z
  .object({
    specversion: z.literal('1.0'),
    id: z.string(),
    source: z.string(),
    type: z.string(),
    subject: z.string(),
    time: z.string(),
    datacontenttype: z.string(),
    actor: z.string().describe('`user:…`, `api-key:…` or `system:…`'),
    reason: z.string().optional(),
    correlationid: z.string(),
    causationid: z.string().optional(),
    version: z.number().int().describe('Place in the history of the worker, from 1'),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'CloudEvent' });

/** A stored type, or the CloudEvents type that events are answered with. */
const eventType = z
  .string()
  .transform((text) => text.replace(/^io\.cml-fleet\./, '').replace(/\.v\d+$/, ''))
  .pipe(z.string().regex(/^[a-z-]+\.[a-z-]+$/, 'must be a type like worker.status-updated'));

const eventsQuery = pageQuery.extend({
  from: givenTime.optional(),
  to: givenTime.optional(),
  type: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(eventType))
    .optional()
    .describe('One or more, with commas: `worker.status-updated`, or as the events name it'),
});

const EXAMPLE_EVENT = {
  specversion: '1.0',
  id: '0f3f2b3c-9a2e-5e0b-8a55-8c1f0a3b6c7d',
  source: '/installations/9d3b1c8e-7a55-4f6e-9d0f-0e6a4f3f2b11',
  type: 'io.cml-fleet.worker.status-updated.v1',
  subject: '6f1c1f0e-2f7b-4c39-9a43-3c1f6f0d9f11',
  time: '2027-01-15T08:03:11.000Z',
  datacontenttype: 'application/json',
  actor: 'system:telemetry',
  correlationid: '3b1c8e7a-55f6-4e9d-8f0e-6a4f3f2b119d',
  version: 4,
  data: { oldStatus: 'PENDING', newStatus: 'RUNNING', updatedAt: '2027-01-15T08:03:11.000Z' },
};

@ApiTags('workers')
@Controller('api/v1/workers/:id')
export class WorkerReadsController {
  constructor(private readonly queries: QueryBus) {}

  @Get('connection')
  @RequiresRole('viewer')
  @ApiOperation({ summary: 'Where to connect to, or what is missing until one can' })
  @Answers(200, connectionView, {
    description: 'Whether somebody can use the CML server now',
    example: { ready: true, httpsEndpoint: 'https://203.0.113.17' },
  })
  @Problems('worker-not-found')
  connection(@Param('id', { schema: pathId }) id: string): Promise<Connection> {
    return this.queries.execute(new GetConnection(id));
  }

  @Get('events')
  @RequiresRole('viewer')
  @ApiOperation({ summary: "A worker's history as CloudEvents, newest last" })
  @Answers(200, pageOf(cloudEventView, 'WorkerEventPage'), {
    description: 'One page of events',
    example: { items: [EXAMPLE_EVENT], nextCursor: null },
  })
  @Problems('worker-not-found')
  async events(
    @Param('id', { schema: pathId }) id: string,
    @Query({ schema: eventsQuery }) query: z.output<typeof eventsQuery>,
  ): Promise<Page<unknown>> {
    const { limit, cursor, type: types, from, to } = query;
    const afterVersion = decodeCursor(cursor, z.number().int().min(0)) ?? 0;
    const filter = { from, to, types, afterVersion, limit: limit + 1 };
    const events = await this.queries.execute(new ListWorkerEvents(id, filter));
    return page(
      events.map((event) => event.toJSON()),
      limit,
      (last) => last.version,
    );
  }
}
