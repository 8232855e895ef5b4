import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { SimulationStore } from '../domain/ports';
import { type Simulation } from '../domain/simulation';
import { SimulationNotFound } from '../domain/simulation-errors';

/** @throws SimulationNotFound */
export class GetSimulation extends Query<Simulation> {
  constructor(readonly simulationId: string) {
    super();
  }
}

@QueryHandler(GetSimulation)
export class GetSimulationHandler implements IQueryHandler<GetSimulation> {
  constructor(private readonly store: SimulationStore) {}

  async execute({ simulationId }: GetSimulation): Promise<Simulation> {
    const simulation = await this.store.find(simulationId);
    if (!simulation) throw new SimulationNotFound(simulationId);
    return simulation;
  }
}
