import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { GetWorker } from '../../workers';
import { type IdleDecision } from '../domain/decision';
import { NO_SURROUNDINGS, WorkerJudge } from './worker-judge';

/** What the reaper would decide now about a worker; nothing follows from it. @throws WorkerNotFound */
export class ExplainIdleDecision extends Query<IdleDecision> {
  constructor(readonly workerId: string) {
    super();
  }
}

@QueryHandler(ExplainIdleDecision)
export class ExplainIdleDecisionHandler implements IQueryHandler<ExplainIdleDecision> {
  constructor(
    private readonly queries: QueryBus,
    private readonly judge: WorkerJudge,
  ) {}

  async execute({ workerId }: ExplainIdleDecision): Promise<IdleDecision> {
    return this.judge.judgeOne(await this.queries.execute(new GetWorker(workerId)), NO_SURROUNDINGS);
  }
}
