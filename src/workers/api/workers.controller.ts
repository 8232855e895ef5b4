import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { z } from 'zod';
import {
  Answers,
  AnswersNothing,
  CallerReach,
  decodeCursor,
  IfMatch,
  OfWorker,
  page,
  pageOf,
  type Page,
  pathId,
  Problems,
  RequestContext,
  RequiresRole,
  Scoped,
  WithETag,
} from '../../http';
import { FleetClock, MachineClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { InvalidInput } from '../../kernel/domain-error';
import { type Reach } from '../../kernel/reach';
import { CreateWorker, type WorkerOrder } from '../application/create-worker.command';
import { GetWorker } from '../application/get-worker.query';
import { ImportWorker } from '../application/import-worker.command';
import { ListIdleWorkers } from '../application/list-idle-workers.query';
import { ListWorkers } from '../application/list-workers.query';
import { ReleaseWorker } from '../application/release-worker.command';
import { UpdateWorker } from '../application/update-worker.command';
import { WORKERS_OPTIONS, type WorkersOptions } from '../application/workers.options';
import { positionOf } from '../domain/worker-page';
import { canConnect } from '../domain/cml-worker';
import { isFenced } from '../domain/fence';
import {
  atQuery,
  createWorkerBody,
  idleQuery,
  importWorkerBody,
  listQuery,
  updateWorkerBody,
} from './worker-input.schemas';
import { toView, WORKER_EXAMPLE, workerView, type WorkerView } from './worker.view';

const workerPage = pageOf(workerView, 'WorkerPage');
const position = z.object({ value: z.string().nullable(), id: z.string() });
const EXAMPLE_PAGE = { items: [WORKER_EXAMPLE], nextCursor: null };

@ApiTags('workers')
@Controller('api/v1/workers')
export class WorkersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
    private readonly machine: MachineClock,
    @Inject(WORKERS_OPTIONS) private readonly options: WorkersOptions,
  ) {}

  @Post()
  @RequiresRole('admin')
  @Scoped()
  @ApiOperation({
    summary: 'Create a worker; its launch goes on behind it',
    description:
      'By a template, by what the body says, or both: what the body says replaces what the template says, and tags are ' +
      'put together. Launches try each subnet with the first type, then each with the next. Who is limited to a part of ' +
      'the fleet creates workers in it only: region and tags must fit.',
  })
  @Answers(201, workerView, { description: 'The new worker, PENDING', example: WORKER_EXAMPLE })
  @Problems('already-exists', 'version-conflict')
  @WithETag()
  async create(
    @Body({ schema: createWorkerBody }) body: z.output<typeof createWorkerBody>,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WorkerView> {
    this.mustBeConfigured(body.awsRegion);
    const state = await this.commands.execute(new CreateWorker(orderOf(body), context));
    response.location(`/api/v1/workers/${state.id}`);
    return toView(state, this.clock.now());
  }

  @Post('import')
  @RequiresRole('admin')
  @Scoped()
  @ApiOperation({
    summary: 'Take an existing instance under management; it is tagged as managed by cml-fleet',
  })
  @Answers(201, workerView, { description: 'The worker, as it stands', example: WORKER_EXAMPLE })
  @Problems('already-exists', 'managed-elsewhere', 'not-tagged', 'aws-refused', 'aws-unavailable')
  @WithETag()
  async import(
    @Body({ schema: importWorkerBody }) body: z.output<typeof importWorkerBody>,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WorkerView> {
    this.mustBeConfigured(body.awsRegion);
    const { awsRegion, awsInstanceId, name = null } = body;
    const state = await this.commands.execute(new ImportWorker(awsRegion, awsInstanceId, name, context));
    response.location(`/api/v1/workers/${state.id}`);
    return toView(state, this.clock.now());
  }

  @Get()
  @RequiresRole('user')
  @Scoped()
  @ApiOperation({ summary: 'List workers' })
  @Answers(200, workerPage, { description: 'One page of workers', example: EXAMPLE_PAGE })
  async list(
    @Query({ schema: listQuery }) query: z.output<typeof listQuery>,
    @CallerReach() reach: Reach,
  ): Promise<Page<WorkerView>> {
    const { limit, cursor, sort, tag, ...filter } = query;
    const tags = tag?.map((pair) => splitPair(pair));
    const after = decodeCursor(cursor, position);
    const request = { filter: { ...filter, tags }, sort, limit: limit + 1, after, reach };
    const records = await this.queries.execute(new ListWorkers(request));
    const now = this.clock.now();
    const { items, nextCursor } = page(records, limit, (last) => positionOf(last, sort));
    return { items: items.map((record) => toView(record, now)), nextCursor };
  }

  @Get('available')
  @RequiresRole('user')
  @Scoped()
  @ApiOperation({ summary: 'List the workers that one can connect to now' })
  @Answers(200, workerPage, { description: 'All of them, by name', example: EXAMPLE_PAGE })
  async available(@CallerReach() reach: Reach): Promise<Page<WorkerView>> {
    const filter = { status: ['RUNNING'], serviceStatus: ['AVAILABLE'] } as const;
    const request = { filter, sort: 'name', limit: MANY, after: null, reach } as const;
    const records = await this.queries.execute(new ListWorkers(request));
    const now = this.clock.now();
    const machineNow = this.machine.now();
    const open = records.filter(
      (record) => canConnect(record) && record.desired.state === 'RUNNING' && !isFenced(record, machineNow),
    );
    return { items: open.map((record) => toView(record, now)), nextCursor: null };
  }

  @Get('idle')
  @RequiresRole('viewer')
  @Scoped()
  @ApiOperation({ summary: 'List the workers that are idle for longer than a threshold, longest first' })
  @Answers(200, workerPage, { description: 'All of them', example: EXAMPLE_PAGE })
  async idle(
    @Query({ schema: idleQuery }) query: z.output<typeof idleQuery>,
    @CallerReach() reach: Reach,
  ): Promise<Page<WorkerView>> {
    const records = await this.queries.execute(new ListIdleWorkers(query.thresholdMinutes, reach));
    const now = this.clock.now();
    return { items: records.map((record) => toView(record, now)), nextCursor: null };
  }

  @Get(':id')
  @RequiresRole('user')
  @OfWorker()
  @ApiOperation({
    summary: 'Show a worker, as it is or as it was',
    description:
      'With `at`, everything is as of then, canConnect and a snooze as well. 404 for a time before its first event or after its release.',
  })
  @Answers(200, workerView, { description: 'The worker', example: WORKER_EXAMPLE })
  @Problems('worker-not-found')
  @WithETag()
  async get(
    @Param('id', { schema: pathId }) id: string,
    @Query({ schema: atQuery }) query: z.output<typeof atQuery>,
    @CallerReach() reach: Reach,
  ): Promise<WorkerView> {
    const now = this.clock.now();
    const { at = null } = query;
    if (at && at > now) {
      const message = `is in the future: it is ${now.toISOString()}; leave it out for the present`;
      throw new InvalidInput([{ pointer: '/query/at', message }]);
    }
    return toView(await this.queries.execute(new GetWorker(id, at, reach)), at ?? now);
  }

  @Patch(':id')
  @RequiresRole('admin')
  @OfWorker()
  @ApiOperation({
    summary:
      'Change name, tags, drift policy, (while stopped) the instance type, or (before its launch) the image',
  })
  @Answers(200, workerView, { description: 'The changed worker', example: WORKER_EXAMPLE })
  @Problems(
    'worker-not-found',
    'already-exists',
    'invalid-transition',
    'version-conflict',
    'precondition-failed',
  )
  @WithETag()
  async update(
    @Param('id', { schema: pathId }) id: string,
    @Body({ schema: updateWorkerBody }) body: z.output<typeof updateWorkerBody>,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<WorkerView> {
    return toView(
      await this.commands.execute(new UpdateWorker(id, body, context, version)),
      this.clock.now(),
    );
  }

  @Delete(':id')
  @RequiresRole('admin')
  @OfWorker()
  @ApiOperation({ summary: 'Release a worker: stop managing it, the instance stays as it is' })
  @AnswersNothing('It is not managed any more; its name and instance are free')
  @Problems('worker-not-found', 'invalid-transition', 'version-conflict', 'precondition-failed')
  async release(
    @Param('id', { schema: pathId }) id: string,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<void> {
    await this.commands.execute(new ReleaseWorker(id, context, version));
  }

  private mustBeConfigured(region: string): void {
    if (this.options.regions.includes(region)) return;
    const message = `is not configured: one of ${this.options.regions.join(', ')} (FLEET_REGIONS)`;
    throw new InvalidInput([{ pointer: '/awsRegion', message }]);
  }
}

function orderOf(body: z.output<typeof createWorkerBody>): WorkerOrder {
  const { name, awsRegion, protect, instanceType, subnetId, template = null, driftPolicy = null } = body;
  const { amiId = null, amiName = null, amiOwners = null, market = null, cmlVersion = null } = body;
  const wish = {
    ...{ amiId, amiName, amiOwners, market, cmlVersion, tags: body.tags },
    instanceTypes: instanceType === undefined ? (body.instanceTypes ?? null) : [instanceType],
    subnetIds: subnetId === undefined ? (body.subnetIds ?? null) : [subnetId],
    securityGroupIds: body.securityGroupIds ?? null,
  };
  return { name, awsRegion, protect, template, driftPolicy, wish };
}

/** Lists without pages: what one person looks at. */
const MANY = 10_000;

function splitPair(pair: string): readonly [string, string] {
  const colon = pair.indexOf(':');
  return [pair.slice(0, colon), pair.slice(colon + 1)];
}
