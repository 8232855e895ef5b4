import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type Sighting } from '../domain/orphan';
import { type OrphanPage, SightingStore } from '../domain/ports';

/** Orphans, those that were seen first most lately come first. */
export class ListOrphans extends Query<Sighting[]> {
  constructor(readonly page: OrphanPage) {
    super();
  }
}

@QueryHandler(ListOrphans)
export class ListOrphansHandler implements IQueryHandler<ListOrphans> {
  constructor(private readonly sightings: SightingStore) {}

  execute({ page }: ListOrphans): Promise<Sighting[]> {
    return this.sightings.page(page);
  }
}
