import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type SimulationPosition, SimulationStore } from '../domain/ports';
import { type SimulationSummary } from '../domain/simulation';

/** Simulations that came to their end, newest first. */
export class ListSimulations extends Query<SimulationSummary[]> {
  constructor(
    readonly limit: number,
    readonly after: SimulationPosition | null,
  ) {
    super();
  }
}

@QueryHandler(ListSimulations)
export class ListSimulationsHandler implements IQueryHandler<ListSimulations> {
  constructor(private readonly store: SimulationStore) {}

  execute({ limit, after }: ListSimulations): Promise<SimulationSummary[]> {
    return this.store.page(limit, after);
  }
}
