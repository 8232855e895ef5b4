import { AggregateDirectory, EventRegistry } from '../../event-store';
import { RoleBindingDirectory } from '../application/oidc/role-binding-directory';
import { ROLE_BINDING_EVENTS } from '../domain/oidc/role-binding-events';
import { ROLE_BINDING_DEFINITION } from '../persistence/role-binding-definition';

/** An empty directory; an error that is reported to it is thrown. */
export function aRoleBindingDirectory(): RoleBindingDirectory {
  const registry = new EventRegistry();
  registry.register(ROLE_BINDING_EVENTS);
  const report = (error: unknown): never => {
    throw error;
  };
  return new RoleBindingDirectory(new AggregateDirectory(ROLE_BINDING_DEFINITION, registry, report));
}
