import { Body, Controller, Delete, Get, Param, Put } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type z } from 'zod';
import {
  Answers,
  AnswersNothing,
  CallerReach,
  IfMatch,
  OfWorker,
  pathId,
  Problems,
  RequestContext,
  RequiresRole,
  WithETag,
} from '../../http';
import { type CommandContext } from '../../kernel/command-context';
import { type Reach } from '../../kernel/reach';
import { DeleteWorkerPolicy } from '../application/delete-worker-policy.command';
import { GetWorkerPolicy } from '../application/get-worker-policy.query';
import { PutWorkerPolicy } from '../application/put-worker-policy.command';
import { because } from './because';
import { workerPolicyBody } from './policy-input.schemas';
import { toWorkerView, workerPolicyView, type WorkerPolicyView } from './policy.view';

@ApiTags('workers', 'idle policies')
@Controller('api/v1/workers/:id/idle-policy')
export class WorkerPolicyController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @RequiresRole('viewer')
  @OfWorker()
  @ApiOperation({
    summary: 'The idle policy that holds for a worker, and where each of its values comes from',
  })
  @Answers(200, workerPolicyView, { description: 'The effective policy, and what its own says' })
  @Problems('worker-not-found')
  @WithETag()
  async get(
    @Param('id', { schema: pathId }) id: string,
    @CallerReach() reach: Reach,
  ): Promise<WorkerPolicyView> {
    return toWorkerView(await this.queries.execute(new GetWorkerPolicy(id, reach)));
  }

  @Put()
  @RequiresRole('admin')
  @OfWorker()
  @ApiOperation({
    summary: "Replace a worker's own idle policy",
    description: 'It is stronger than all others. What is left out comes from weaker policies again.',
  })
  @Answers(200, workerPolicyView, { description: 'The effective policy, and what its own says' })
  @Problems('worker-not-found', 'version-conflict', 'precondition-failed')
  @WithETag()
  async put(
    @Param('id', { schema: pathId }) id: string,
    @Body({ schema: workerPolicyBody }) { values, reason }: z.output<typeof workerPolicyBody>,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
    @CallerReach() reach: Reach,
  ): Promise<WorkerPolicyView> {
    await this.commands.execute(new PutWorkerPolicy(id, values, because(context, reason), version));
    return this.get(id, reach);
  }

  @Delete()
  @RequiresRole('admin')
  @OfWorker()
  @ApiOperation({ summary: "Delete a worker's own idle policy" })
  @AnswersNothing('What holds for it comes from the other policies')
  @Problems('worker-not-found', 'version-conflict', 'precondition-failed')
  async delete(
    @Param('id', { schema: pathId }) id: string,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<void> {
    await this.commands.execute(new DeleteWorkerPolicy(id, context, version));
  }
}
