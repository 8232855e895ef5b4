import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { FLEET, type Reach, withAllLabs } from '../../kernel/reach';
import { GetWorker } from '../../workers';
import { TopologyNotFound } from '../domain/lab-errors';
import { TopologyStore } from '../domain/ports';
import { type TopologyText } from './get-topology.query';

/**
 * A topology that is kept; also when its worker is terminated, or released, for whoever has the whole fleet.
 * @throws TopologyNotFound; WorkerNotFound where the worker is out of reach
 */
export class GetKeptTopology extends Query<TopologyText> {
  constructor(
    readonly workerId: string,
    readonly topologyId: string,
    readonly reach: Reach = FLEET,
  ) {
    super();
  }
}

@QueryHandler(GetKeptTopology)
export class GetKeptTopologyHandler implements IQueryHandler<GetKeptTopology> {
  constructor(
    private readonly store: TopologyStore,
    private readonly queries: QueryBus,
  ) {}

  async execute({ workerId, topologyId, reach }: GetKeptTopology): Promise<TopologyText> {
    if (reach !== FLEET) await this.queries.execute(new GetWorker(workerId, null, withAllLabs(reach)));
    const found = await this.store.find(workerId, topologyId);
    if (!found) throw new TopologyNotFound(topologyId);
    const { labId, title } = found.topology;
    return { text: found.text, labId, title };
  }
}
