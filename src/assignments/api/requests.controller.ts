import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { type z } from 'zod';
import {
  Answers,
  Caller,
  decodeCursor,
  page,
  type Page,
  pathId,
  type Principal,
  Problems,
  RequestContext,
  RequiresRole,
  Scoped,
} from '../../http';
import { type CommandContext } from '../../kernel/command-context';
import { CancelRequest } from '../application/cancel-request.command';
import { GetRequest, ListRequests } from '../application/list-requests.query';
import { RequestWorker } from '../application/request-worker.command';
import * as schemas from './requests.schemas';
import { viewerOf } from './viewer';

@ApiTags('requests')
@RequiresRole('user')
@Scoped()
@Controller('api/v1/requests')
export class RequestsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @RequiresRole('operator', { orUser: true })
  @ApiOperation({
    summary: 'Ask for a worker',
    description:
      'One that can be used at once is given at once; else one is started. GET the request for how far it is: when it is `ready`, GET /api/v1/workers/{workerId}/connection tells where to connect to. It fails after 60 minutes.',
  })
  @Answers(202, schemas.requestView, { description: 'The request', example: schemas.REQUEST_EXAMPLE })
  @Problems('quota-exceeded', 'requests-not-offered')
  async make(
    @Body({ schema: schemas.newRequest }) { reason, tags, ...body }: z.output<typeof schemas.newRequest>,
    @RequestContext() context: CommandContext,
    @Caller() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<schemas.RequestView> {
    const order = { ...body, tags: tags.map(schemas.wantedTagOf) };
    const { id } = await this.commands.execute(new RequestWorker(order, { ...context, reason }));
    response.location(`/api/v1/requests/${id}`);
    return this.show(id, principal);
  }

  @Get()
  @ApiOperation({
    summary: 'List requests for workers, newest first',
    description:
      'Your own, and those for workers that you may operate. They are kept for 90 days after their end.',
  })
  @Answers(200, schemas.requestPage, {
    description: 'One page of requests',
    example: { items: [schemas.REQUEST_EXAMPLE], nextCursor: null },
  })
  async list(
    @Query({ schema: schemas.requestsQuery }) query: z.output<typeof schemas.requestsQuery>,
    @Caller() principal: Principal,
  ): Promise<Page<schemas.RequestView>> {
    const { limit, cursor, userId, state: states } = query;
    const after = decodeCursor(cursor, schemas.requestPlace);
    const filter = { ...(userId !== undefined && { userId }), ...(states && { states }) };
    const found = await this.queries.execute(new ListRequests(viewerOf(principal), filter, after, limit + 1));
    const { items, nextCursor } = page(found, limit, ({ request: { requestedAt, id } }) => ({
      requestedAt,
      id,
    }));
    return { items: items.map(schemas.toRequestView), nextCursor };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show a request: how far it is, and which worker it got' })
  @Answers(200, schemas.requestView, { description: 'The request', example: schemas.REQUEST_EXAMPLE })
  @Problems('request-not-found')
  get(
    @Param('id', { schema: pathId }) id: string,
    @Caller() principal: Principal,
  ): Promise<schemas.RequestView> {
    return this.show(id, principal);
  }

  @Post(':id/cancel')
  @ApiOperation({
    summary: 'Take a request back, or give back what was granted for it',
    description:
      'A worker that was started for it goes on until it is found idle. A no-op on one that is cancelled already.',
  })
  @Answers(202, schemas.requestView, { description: 'The request', example: schemas.REQUEST_EXAMPLE })
  @Problems('request-not-found', 'request-ended', 'version-conflict')
  async cancel(
    @Param('id', { schema: pathId }) id: string,
    @RequestContext() context: CommandContext,
    @Caller() principal: Principal,
  ): Promise<schemas.RequestView> {
    await this.commands.execute(new CancelRequest(id, viewerOf(principal), context));
    return this.show(id, principal);
  }

  private async show(id: string, principal: Principal): Promise<schemas.RequestView> {
    return schemas.toRequestView(await this.queries.execute(new GetRequest(viewerOf(principal), id)));
  }
}
