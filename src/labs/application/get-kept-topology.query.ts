import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { TopologyNotFound } from '../domain/lab-errors';
import { TopologyStore } from '../domain/ports';
import { type TopologyText } from './get-topology.query';

/** A topology that is kept; also when its worker is terminated or released. @throws TopologyNotFound */
export class GetKeptTopology extends Query<TopologyText> {
  constructor(
    readonly workerId: string,
    readonly topologyId: string,
  ) {
    super();
  }
}

@QueryHandler(GetKeptTopology)
export class GetKeptTopologyHandler implements IQueryHandler<GetKeptTopology> {
  constructor(private readonly store: TopologyStore) {}

  async execute({ workerId, topologyId }: GetKeptTopology): Promise<TopologyText> {
    const found = await this.store.find(workerId, topologyId);
    if (!found) throw new TopologyNotFound(topologyId);
    const { labId, title } = found.topology;
    return { text: found.text, labId, title };
  }
}
