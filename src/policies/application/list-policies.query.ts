import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type WrittenPolicy } from '../domain/written-policy';
import { comparePlaces, placeOf, PolicyDirectory, type PolicyPlace } from './policy-directory';

/** The first `limit` named policies after a place, or from the beginning, by name. */
export class ListPolicies extends Query<WrittenPolicy[]> {
  constructor(
    readonly limit: number,
    readonly after: PolicyPlace | null,
  ) {
    super();
  }
}

@QueryHandler(ListPolicies)
export class ListPoliciesHandler implements IQueryHandler<ListPolicies> {
  constructor(private readonly directory: PolicyDirectory) {}

  execute({ limit, after }: ListPolicies): Promise<WrittenPolicy[]> {
    const rest = this.directory.named().filter((it) => !after || comparePlaces(placeOf(it), after) > 0);
    return Promise.resolve(rest.slice(0, limit));
  }
}
