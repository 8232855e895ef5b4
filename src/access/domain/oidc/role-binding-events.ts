import { eventOf } from '../../../kernel/domain-event';
import { type Role } from '../../../kernel/principal';
import { type Scope } from '../../../kernel/reach';

/** Everything that can happen to a role binding. One that was deleted can be created again. */

export class RoleBindingCreated extends eventOf('role-binding.created')<{
  /** as the issuer's tokens name it */
  group: string;
  role: Role;
  /** null: in all of the fleet, and over what is no worker's */
  scope: Scope | null;
  createdAt: Date;
  createdBy: string;
}> {}

export class RoleBindingDeleted extends eventOf('role-binding.deleted')<{
  deletedAt: Date;
  deletedBy: string;
}> {}

export type RoleBindingEvent = RoleBindingCreated | RoleBindingDeleted;

export const ROLE_BINDING_EVENTS = [RoleBindingCreated, RoleBindingDeleted] as const;
