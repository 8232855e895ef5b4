import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { FLEET, type Reach } from '../../kernel/reach';
import { GetWorker } from '../../workers';
import { mustReachLab } from '../domain/lab-reach';
import { type LabChange } from '../domain/lab-change';
import { type ChangePosition, LabHistory } from '../domain/ports';
import { GetLab } from './get-lab.query';

export interface ChangesAsked {
  readonly after: ChangePosition | null;
  readonly limit: number;
}

/**
 * How a lab changed, as it was observed in the last 90 days; oldest first. Also of labs and workers that are gone.
 * @throws WorkerNotFound, LabNotFound where there is neither a history nor such a lab
 */
export class GetLabHistory extends Query<LabChange[]> {
  constructor(
    readonly workerId: string,
    readonly labId: string,
    readonly asked: ChangesAsked,
    readonly reach: Reach = FLEET,
  ) {
    super();
  }
}

@QueryHandler(GetLabHistory)
export class GetLabHistoryHandler implements IQueryHandler<GetLabHistory> {
  constructor(
    private readonly history: LabHistory,
    private readonly queries: QueryBus,
  ) {}

  async execute({ workerId, labId, asked, reach }: GetLabHistory): Promise<LabChange[]> {
    const { after, limit } = asked;
    mustReachLab(reach, await this.queries.execute(new GetWorker(workerId, null, reach)), labId);
    const found = await this.history.page(workerId, labId, after, limit);
    if (found.length === 0 && !after) await this.queries.execute(new GetLab(workerId, labId, false));
    return found;
  }
}
