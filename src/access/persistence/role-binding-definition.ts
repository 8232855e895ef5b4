import { type AggregateDefinition } from '../../event-store';
import { RoleBindingNotFound } from '../domain/oidc/oidc-errors';
import { RoleBinding, type RoleBindingState } from '../domain/oidc/role-binding';
import { type RoleBindingEvent } from '../domain/oidc/role-binding-events';

/** How a binding is brought back from its stream `rolebinding-<id>`. */
export const ROLE_BINDING_DEFINITION: AggregateDefinition<RoleBinding, RoleBindingState> = {
  streamPrefix: 'rolebinding',
  snapshotSchema: 1,
  restore: (id, events, from) =>
    RoleBinding.restore(id, events as readonly RoleBindingEvent[], from ?? undefined),
  revive: (stored) => stored as unknown as RoleBindingState,
  missing: (id) => new RoleBindingNotFound(id),
};
