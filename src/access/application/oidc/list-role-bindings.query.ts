import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type RoleBinding } from '../../domain/oidc/role-binding';
import { type BindingPlace, comparePlaces, placeOf, RoleBindingDirectory } from './role-binding-directory';

/** The first `limit` bindings after a place, or from the beginning, by group. */
export class ListRoleBindings extends Query<RoleBinding[]> {
  constructor(
    readonly limit: number,
    readonly after: BindingPlace | null,
  ) {
    super();
  }
}

@QueryHandler(ListRoleBindings)
export class ListRoleBindingsHandler implements IQueryHandler<ListRoleBindings> {
  constructor(private readonly directory: RoleBindingDirectory) {}

  execute({ limit, after }: ListRoleBindings): Promise<RoleBinding[]> {
    const bindings = this.directory.list();
    const rest = bindings.filter((binding) => !after || comparePlaces(placeOf(binding), after) > 0);
    return Promise.resolve(rest.slice(0, limit));
  }
}
