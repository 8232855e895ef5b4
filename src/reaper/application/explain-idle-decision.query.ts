import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { FLEET, type Reach } from '../../kernel/reach';
import { GetActiveWorkers, GetWorker } from '../../workers';
import { type ExplainedDecision } from '../domain/decision/decision';
import { FleetSurroundings } from './fleet-surroundings';
import { WorkerJudge } from './worker-judge';

/** What the reaper would decide now about a worker; nothing follows from it. @throws WorkerNotFound */
export class ExplainIdleDecision extends Query<ExplainedDecision> {
  constructor(
    readonly workerId: string,
    readonly reach: Reach = FLEET,
  ) {
    super();
  }
}

@QueryHandler(ExplainIdleDecision)
export class ExplainIdleDecisionHandler implements IQueryHandler<ExplainIdleDecision> {
  constructor(
    private readonly queries: QueryBus,
    private readonly judge: WorkerJudge,
    private readonly surroundings: FleetSurroundings,
  ) {}

  async execute({ workerId, reach }: ExplainIdleDecision): Promise<ExplainedDecision> {
    const worker = await this.queries.execute(new GetWorker(workerId, null, reach));
    // budgets are shares of what runs
    const fleet = this.surroundings.runningOf(await this.queries.execute(new GetActiveWorkers()));
    return this.judge.judgeOne(worker, await this.surroundings.anew(worker, { fleet }));
  }
}
