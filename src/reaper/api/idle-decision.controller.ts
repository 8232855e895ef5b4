import { Controller, Get, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, CallerReach, OfWorker, pathId, Problems, RequiresRole } from '../../http';
import { type Reach } from '../../kernel/reach';
import { ExplainIdleDecision } from '../application/explain-idle-decision.query';
import { type ExplainedDecision } from '../domain/decision/decision';
import { decisionWithin } from './decision-within-reach';
import { IDLE_DECISION_EXAMPLE } from './idle-decision.example';
import { idleDecisionView } from './idle-decision.view';

@ApiTags('workers', 'reaper')
@Controller('api/v1/workers/:id/idle-decision')
export class IdleDecisionController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @RequiresRole('viewer')
  @OfWorker()
  @ApiOperation({ summary: 'What the reaper thinks of the worker now, rule by rule' })
  @Answers(200, idleDecisionView, {
    description: 'The decision; nothing follows from asking',
    example: IDLE_DECISION_EXAMPLE,
  })
  @Problems('worker-not-found')
  async explain(
    @Param('id', { schema: pathId }) id: string,
    @CallerReach() reach: Reach,
  ): Promise<ExplainedDecision> {
    return decisionWithin(reach, await this.queries.execute(new ExplainIdleDecision(id, reach)));
  }
}
