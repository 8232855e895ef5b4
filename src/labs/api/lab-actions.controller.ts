import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { type z } from 'zod';
import { Answers, OfAllLabs, OfWorker, pathId, Problems, RequestContext, RequiresRole } from '../../http';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { OPERATION_EXAMPLE, operationView, type OperationView } from '../../operations';
import { ControlLab } from '../application/control-lab.command';
import { StopAllLabs } from '../application/stop-all-labs.command';
import { type LabRequest } from '../domain/lab-events';
import * as schemas from './labs.schemas';
import { type LabView, toLabView } from './lab.view';

type RequestBody = z.output<typeof schemas.labRequestBody>;

const OF_THE_SERVER = ['invalid-transition', 'cml-refused', 'cml-unavailable'] as const;

@ApiTags('labs')
@Controller('api/v1/workers/:id/labs')
export class LabActionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly clock: FleetClock,
  ) {}

  @Post('stop-all')
  @RequiresRole('operator')
  @OfWorker()
  @OfAllLabs()
  @ApiOperation({
    summary: 'Stop all labs of a worker, one after the other, until no node runs',
    description:
      'The lab that started last comes first; those that are started meanwhile are stopped as well. The operation ' +
      'fails where something still runs after 20 minutes, and can be cancelled: what is stopped stays so.',
  })
  @Answers(202, operationView, {
    description: 'The operation that does it; Location leads to it',
    example: { ...OPERATION_EXAMPLE, kind: 'stop-labs', message: '3 of 8 labs stopped.' },
  })
  @Problems('worker-not-found', 'invalid-transition', 'cml-unavailable')
  async stopAll(
    @Param('id', { schema: pathId }) id: string,
    @Body({ schema: schemas.labRequestBody }) body: RequestBody,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OperationView> {
    const operation = await this.commands.execute(new StopAllLabs(id, because(context, body)));
    response.location(`/api/v1/operations/${operation.id}`);
    return operation;
  }

  @Post(':labId/start')
  @RequiresRole('operator')
  @OfWorker()
  @ApiOperation({
    summary: 'Start a lab',
    description: 'Refused on a worker that is wanted STOPPED or TERMINATED. Who and why is recorded.',
  })
  @Answers(202, schemas.labView, {
    description: 'The lab as it was before; CML has accepted, and nodes come up one by one',
    example: { ...schemas.LAB_EXAMPLE, state: 'STOPPED', ageSeconds: 0 },
  })
  @Problems('worker-not-found', 'lab-not-found', ...OF_THE_SERVER)
  start(
    @Param('id', { schema: pathId }) id: string,
    @Param('labId', { schema: schemas.labId }) labId: string,
    @Body({ schema: schemas.labRequestBody }) body: RequestBody,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LabView> {
    return this.control(id, labId, 'start', because(context, body), response);
  }

  @Post(':labId/stop')
  @RequiresRole('operator')
  @OfWorker()
  @ApiOperation({ summary: 'Stop a lab', description: 'Who and why is recorded.' })
  @Answers(202, schemas.labView, {
    description: 'The lab as it was before; CML has accepted, and nodes go down one by one',
    example: { ...schemas.LAB_EXAMPLE, ageSeconds: 0 },
  })
  @Problems('worker-not-found', 'lab-not-found', ...OF_THE_SERVER)
  stop(
    @Param('id', { schema: pathId }) id: string,
    @Param('labId', { schema: schemas.labId }) labId: string,
    @Body({ schema: schemas.labRequestBody }) body: RequestBody,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LabView> {
    return this.control(id, labId, 'stop', because(context, body), response);
  }

  private async control(
    workerId: string,
    labId: string,
    request: LabRequest,
    context: CommandContext,
    response: Response,
  ): Promise<LabView> {
    const reading = await this.commands.execute(new ControlLab(workerId, labId, request, context));
    response.location(`/api/v1/workers/${workerId}/labs/${labId}`);
    return toLabView(reading, this.clock.now());
  }
}

function because(context: CommandContext, { reason }: RequestBody): CommandContext {
  return reason === undefined ? context : { ...context, reason };
}
