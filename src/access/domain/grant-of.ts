import { type Grant } from '../../kernel/principal';

/**
 * What a key gives its holder, or a role binding the members of its group. A `user` without a scope has what is assigned to
 * him, which comes from elsewhere: never all of the fleet.
 */
export function grantOf({ role, scope }: Grant): Grant {
  return { role, scope: role === 'user' && scope === null ? { workerIds: [] } : scope };
}
