import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type OrphanCount, SightingStore } from '../domain/ports';

/** How many orphans there are of each kind in each region, by the latest complete listing; for metrics. */
export class CountOrphans extends Query<OrphanCount[]> {}

@QueryHandler(CountOrphans)
export class CountOrphansHandler implements IQueryHandler<CountOrphans> {
  constructor(private readonly sightings: SightingStore) {}

  execute(): Promise<OrphanCount[]> {
    return this.sightings.counts();
  }
}
