import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { z } from 'zod';
import {
  Answers,
  decodeCursor,
  type Page,
  page,
  pageOf,
  pageQuery,
  pathId,
  Problems,
  RequestContext,
  RequiresRole,
} from '../../http';
import { type CommandContext } from '../../kernel/command-context';
import { OPERATION_EXAMPLE, operationView, type OperationView } from '../../operations';
import { GetSimulation } from '../application/get-simulation.query';
import { ListSimulations } from '../application/list-simulations.query';
import { SimulatePolicy } from '../application/simulate-policy.command';
import { SIMULATION_EXAMPLE, SUMMARY_EXAMPLE } from './simulation.examples';
import { simulationBody } from './simulation.schemas';
import {
  simulationSummaryView,
  type SimulationSummaryView,
  simulationView,
  type SimulationView,
  toSummaryView,
  toView,
} from './simulation.view';

const position = z.tuple([z.iso.datetime(), z.string()]);

@ApiTags('reaper')
@Controller('api/v1/reaper/simulations')
export class SimulationsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @RequiresRole('admin')
  @ApiOperation({
    summary: 'Replay a policy over what is recorded, and see what it would have stopped',
    description:
      'Its operation goes over the workers one by one; when it has succeeded, the simulation of the same id tells the ' +
      'stops, the hours saved, the stops that would have hit somebody within 30 minutes, and what budgets held off.',
  })
  @Answers(202, operationView, {
    description: 'The operation that does it; Location leads to it',
    example: { ...OPERATION_EXAMPLE, kind: 'simulate-policy', state: 'pending', progress: 0, message: null },
  })
  async simulate(
    @Body({ schema: simulationBody }) body: z.output<typeof simulationBody>,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OperationView> {
    const { from, to, policy, workerIds = null, tag } = body;
    const request = { from, to, policy, workerIds, tag: tag === undefined ? null : pairOf(tag) };
    const operation = await this.commands.execute(new SimulatePolicy(request, context));
    response.location(`/api/v1/operations/${operation.id}`);
    return operation;
  }

  @Get()
  @RequiresRole('viewer')
  @ApiOperation({ summary: 'Simulations that came to their end, newest first; kept for 90 days' })
  @Answers(200, pageOf(simulationSummaryView, 'PolicySimulationPage'), {
    description: 'One page of simulations, with their sums',
    example: { items: [SUMMARY_EXAMPLE], nextCursor: null },
  })
  async list(
    @Query({ schema: pageQuery }) { limit, cursor }: z.output<typeof pageQuery>,
  ): Promise<Page<SimulationSummaryView>> {
    const after = decodeCursor(cursor, position);
    const rows = await this.queries.execute(
      new ListSimulations(limit + 1, after && { createdAt: new Date(after[0]), id: after[1] }),
    );
    const { items, nextCursor } = page(rows, limit, ({ createdAt, id }) => [createdAt, id]);
    return { items: items.map(toSummaryView), nextCursor };
  }

  @Get(':id')
  @RequiresRole('viewer')
  @ApiOperation({ summary: 'What came of one simulation' })
  @Answers(200, simulationView, { description: 'The simulation', example: SIMULATION_EXAMPLE })
  @Problems('simulation-not-found')
  async one(@Param('id', { schema: pathId }) id: string): Promise<SimulationView> {
    return toView(await this.queries.execute(new GetSimulation(id)));
  }
}

function pairOf(tag: string): readonly [string, string] {
  const colon = tag.indexOf(':');
  return [tag.slice(0, colon), tag.slice(colon + 1)];
}
