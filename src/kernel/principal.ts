import { FLEET, type Reach, type Scope } from './reach';

/**
 * What a caller may do. An operator may do what a viewer may, an admin what an operator may. A `user` uses what is
 * assigned to him, on routes that say so, and reads no more.
 */
export const ROLES = ['user', 'viewer', 'operator', 'admin'] as const;

export type Role = (typeof ROLES)[number];

/** A role in a part of the fleet; null: in all of it, and over what is no worker's. */
export interface Grant {
  readonly role: Role;
  readonly scope: Scope | null;
}

/** Who makes a request, as its API key or access token says. */
export interface Principal {
  /** `api-key:<id>` or `user:<subject>`: who the events of a command name as their actor */
  readonly actor: string;
  /** the name that people gave the key, or the person's own */
  readonly name: string;
  /** at least one; a role may come in several scopes */
  readonly grants: readonly Grant[];
  /** machine time; null: never by time alone */
  readonly expiresAt: Date | null;
  /** which of the caller's credentials he came with, where he can have several; nothing secret, for who issued it only */
  readonly credential?: string;
}

/** Whether a caller with role `has` may do what `needed` may. */
export function includesRole(has: Role, needed: Role): boolean {
  return ROLES.indexOf(has) >= ROLES.indexOf(needed);
}

/** The greatest role that the caller has anywhere. */
export function greatestRole({ grants }: Pick<Principal, 'grants'>): Role {
  return grants.reduce<Role>((role, grant) => (includesRole(role, grant.role) ? role : grant.role), 'user');
}

/**
 * Where the caller may do what `needed` may; null: nowhere. With `orUser` also where he is a `user` and nothing more:
 * what is assigned to him, but not what he may look at as a viewer.
 */
export function reachOf(
  { grants }: Pick<Principal, 'grants'>,
  needed: Role,
  { orUser = false }: { readonly orUser?: boolean } = {},
): Reach | null {
  const scopes = grants
    .filter(({ role }) => includesRole(role, needed) || (orUser && role === 'user'))
    .map(({ scope }) => scope);
  if (scopes.length === 0) return null;
  const limited = scopes.filter((scope) => scope !== null);
  return limited.length < scopes.length ? FLEET : limited;
}
