/** What a caller may do; each role may do what the ones before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;

export type Role = (typeof ROLES)[number];

/** Who makes a request, as its API key says. */
export interface Principal {
  /** `api-key:<keyId>`: who the events of a command name as their actor */
  readonly actor: string;
  /** the name that people gave the key */
  readonly name: string;
  readonly role: Role;
  readonly keyId: string;
}

/** Whether a caller with role `has` may do what `needed` may. */
export function includesRole(has: Role, needed: Role): boolean {
  return ROLES.indexOf(has) >= ROLES.indexOf(needed);
}
