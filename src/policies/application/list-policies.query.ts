import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type NamePlace, pageByName } from '../../kernel/name-place';
import { type WrittenPolicy } from '../domain/written-policy';
import { PolicyDirectory } from './policy-directory';

/** The first `limit` named policies after a place, or from the beginning, by name. */
export class ListPolicies extends Query<WrittenPolicy[]> {
  constructor(
    readonly limit: number,
    readonly after: NamePlace | null,
  ) {
    super();
  }
}

@QueryHandler(ListPolicies)
export class ListPoliciesHandler implements IQueryHandler<ListPolicies> {
  constructor(private readonly directory: PolicyDirectory) {}

  execute({ limit, after }: ListPolicies): Promise<WrittenPolicy[]> {
    return Promise.resolve(pageByName(this.directory.named(), after, limit));
  }
}
