import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type z } from 'zod';
import {
  Answers,
  Caller,
  decodeCursor,
  Forbidden,
  greatestRole,
  page,
  type Page,
  pathId,
  type Principal,
  Problems,
  reachOf,
  RequestContext,
  RequiresRole,
} from '../../http';
import { type CommandContext } from '../../kernel/command-context';
import { CancelOperation } from '../application/cancel-operation.command';
import { GetOperation } from '../application/get-operation.query';
import { OperationHandlers } from '../application/operation-handlers';
import { ListOperations } from '../application/list-operations.query';
import * as schemas from './operations.schemas';

type OperationSummaryView = z.input<typeof schemas.operationSummary>;

@ApiTags('operations')
@Controller('api/v1/operations')
export class OperationsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly handlers: OperationHandlers,
  ) {}

  @Get()
  @RequiresRole('viewer')
  @ApiOperation({
    summary: 'List operations, newest first',
    description: 'Without their results. They are kept for 30 days after their end.',
  })
  @Answers(200, schemas.operationPage, {
    description: 'One page of operations',
    example: schemas.OPERATION_PAGE_EXAMPLE,
  })
  async list(
    @Query({ schema: schemas.operationsQuery }) query: z.output<typeof schemas.operationsQuery>,
  ): Promise<Page<OperationSummaryView>> {
    const { limit, cursor, kind = null, state = null, workerId = null } = query;
    const after = decodeCursor(cursor, schemas.operationPlace);
    const request = { kinds: kind, states: state, workerIds: workerId, after, limit: limit + 1 };
    const found = await this.queries.execute(new ListOperations(request));
    return page(found, limit, ({ createdAt, id }) => ({ createdAt, id }));
  }

  @Get(':id')
  @RequiresRole('viewer')
  @ApiOperation({ summary: 'Show an operation: how far it is, and what came of it' })
  @Answers(200, schemas.operationView, { description: 'The operation', example: schemas.OPERATION_EXAMPLE })
  @Problems('operation-not-found')
  get(@Param('id', { schema: pathId }) id: string): Promise<schemas.OperationView> {
    return this.queries.execute(new GetOperation(id));
  }

  @Post(':id/cancel')
  @RequiresRole('operator')
  @ApiOperation({
    summary: 'Cancel an operation: it ends before its next step',
    description:
      'What it has done until then stays done. A no-op on one that is cancelled already. Operators may cancel what operators may ask for: `stop-labs` and `keep-topologies`; the others need an admin.',
  })
  @Answers(202, schemas.operationView, {
    description: 'The operation, which ends soon',
    example: schemas.OPERATION_EXAMPLE,
  })
  @Problems('operation-not-found', 'operation-ended')
  async cancel(
    @Param('id', { schema: pathId }) id: string,
    @RequestContext() context: CommandContext,
    @Caller() principal: Principal,
  ): Promise<schemas.OperationView> {
    const { kind } = await this.queries.execute(new GetOperation(id));
    const needed = this.handlers.roleOf(kind);
    if (reachOf(principal, needed) === null) throw new Forbidden(greatestRole(principal), needed);
    return this.commands.execute(new CancelOperation(id, context));
  }
}
