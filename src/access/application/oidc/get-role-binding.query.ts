import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { RoleBindingNotFound } from '../../domain/oidc/oidc-errors';
import { type RoleBinding } from '../../domain/oidc/role-binding';
import { RoleBindingDirectory } from './role-binding-directory';

/** @throws RoleBindingNotFound, also for one that is deleted */
export class GetRoleBinding extends Query<RoleBinding> {
  constructor(readonly bindingId: string) {
    super();
  }
}

@QueryHandler(GetRoleBinding)
export class GetRoleBindingHandler implements IQueryHandler<GetRoleBinding> {
  constructor(private readonly directory: RoleBindingDirectory) {}

  execute({ bindingId }: GetRoleBinding): Promise<RoleBinding> {
    const binding = this.directory.get(bindingId);
    if (!binding) return Promise.reject(new RoleBindingNotFound(bindingId));
    return Promise.resolve(binding);
  }
}
