import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { FLEET, type Reach, withAllLabs } from '../../kernel/reach';
import { GetWorker } from '../../workers';
import { type KeptTopology } from '../domain/kept-topology';
import { type TopologyPosition, TopologyStore } from '../domain/ports';

/** What is kept of a worker, newest first; also when it is terminated or released. @throws WorkerNotFound */
export class ListTopologies extends Query<KeptTopology[]> {
  constructor(
    readonly workerId: string,
    readonly after: TopologyPosition | null,
    readonly limit: number,
    readonly reach: Reach = FLEET,
  ) {
    super();
  }
}

@QueryHandler(ListTopologies)
export class ListTopologiesHandler implements IQueryHandler<ListTopologies> {
  constructor(
    private readonly store: TopologyStore,
    private readonly queries: QueryBus,
  ) {}

  async execute({ workerId, after, limit, reach }: ListTopologies): Promise<KeptTopology[]> {
    if (reach !== FLEET) await this.queries.execute(new GetWorker(workerId, null, withAllLabs(reach)));
    const found = await this.store.page(workerId, after, limit);
    // a worker that was released is not found any more, but what was kept of it is
    if (found.length === 0 && !after) await this.queries.execute(new GetWorker(workerId));
    return found;
  }
}
