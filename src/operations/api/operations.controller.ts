import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type z } from 'zod';
import {
  Answers,
  Caller,
  CallerReach,
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
  Scoped,
  ScopeTooSmall,
  WorkerGate,
} from '../../http';
import { type CommandContext } from '../../kernel/command-context';
import { FLEET, type Reach, withAllLabs } from '../../kernel/reach';
import { CancelOperation } from '../application/cancel-operation.command';
import { GetOperation } from '../application/get-operation.query';
import { OperationHandlers } from '../application/operation-handlers';
import { ListOperations } from '../application/list-operations.query';
import { type Operation } from '../domain/operation';
import { OperationNotFound } from '../domain/operation-errors';
import * as schemas from './operations.schemas';

type OperationSummaryView = z.input<typeof schemas.operationSummary>;

@ApiTags('operations')
@Controller('api/v1/operations')
export class OperationsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly handlers: OperationHandlers,
    private readonly gate: WorkerGate,
  ) {}

  @Get()
  @RequiresRole('viewer')
  @Scoped()
  @ApiOperation({
    summary: 'List operations, newest first',
    description:
      'Without their results. They are kept for 30 days after their end. Who is limited to a part of the fleet sees those ' +
      'about single workers within it.',
  })
  @Answers(200, schemas.operationPage, {
    description: 'One page of operations',
    example: schemas.OPERATION_PAGE_EXAMPLE,
  })
  async list(
    @Query({ schema: schemas.operationsQuery }) query: z.output<typeof schemas.operationsQuery>,
    @CallerReach() reach: Reach,
  ): Promise<Page<OperationSummaryView>> {
    const { limit, cursor, kind = null, state = null, workerId = null } = query;
    const after = decodeCursor(cursor, schemas.operationPlace);
    const workerIds = await this.workersOf(workerId, reach);
    const request = { kinds: kind, states: state, workerIds, after, limit: limit + 1 };
    const found = await this.queries.execute(new ListOperations(request));
    return page(found, limit, ({ createdAt, id }) => ({ createdAt, id }));
  }

  @Get(':id')
  @RequiresRole('viewer')
  @Scoped()
  @ApiOperation({ summary: 'Show an operation: how far it is, and what came of it' })
  @Answers(200, schemas.operationView, { description: 'The operation', example: schemas.OPERATION_EXAMPLE })
  @Problems('operation-not-found')
  get(
    @Param('id', { schema: pathId }) id: string,
    @CallerReach() reach: Reach,
  ): Promise<schemas.OperationView> {
    return this.withinReach(id, reach);
  }

  @Post(':id/cancel')
  @RequiresRole('operator')
  @Scoped()
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
    @CallerReach() reach: Reach,
  ): Promise<schemas.OperationView> {
    const { kind, workerId } = await this.withinReach(id, reach);
    const needed = this.handlers.roleOf(kind);
    const there = reachOf(principal, needed);
    if (there === null) throw new Forbidden(greatestRole(principal), needed);
    if (!(await this.covers(workerId, there))) throw new ScopeTooSmall('role');
    return this.commands.execute(new CancelOperation(id, context));
  }

  /** @throws OperationNotFound for one that is not about a worker within reach as well, in the same words */
  private async withinReach(id: string, reach: Reach): Promise<Operation> {
    const operation = await this.queries.execute(new GetOperation(id));
    if (!(await this.covers(operation.workerId, reach))) throw new OperationNotFound(id);
    return operation;
  }

  private async covers(workerId: string | null, reach: Reach): Promise<boolean> {
    if (reach === FLEET) return true;
    return workerId !== null && (await this.gate.within([workerId], withAllLabs(reach))).has(workerId);
  }

  /** Whose operations are listed: null is everything, those that are about no worker as well. */
  private async workersOf(wanted: readonly string[] | null, reach: Reach): Promise<readonly string[] | null> {
    if (reach === FLEET) return wanted;
    const within = await this.gate.idsWithin(withAllLabs(reach));
    return wanted ? within.filter((id) => wanted.includes(id)) : within;
  }
}
