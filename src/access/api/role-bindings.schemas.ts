import { z } from 'zod';
import { answeredScope, answeredTime, givenScope, pageOf, ROLES, scopeView } from '../../http';
import { type RoleBinding } from '../domain/oidc/role-binding';

const EVERYWHERE = 'null: all of the fleet; with the role user, what is assigned to each';

export const newRoleBinding = z
  .strictObject({
    group: z
      .string()
      .min(1)
      .max(256)
      .regex(/^\P{C}*$/u, 'must be one line of text')
      .describe('As the identity provider names it in its tokens, by exactly these letters'),
    role: z.enum(ROLES),
    scope: givenScope.nullable().default(null).describe(EVERYWHERE),
  })
  .meta({ id: 'NewRoleBinding', example: { group: 'lab-operators', role: 'operator', scope: null } });

export const roleBindingView = z
  .object({
    id: z.uuid(),
    group: z.string(),
    role: z.enum(ROLES),
    scope: answeredScope.nullable().describe(EVERYWHERE),
    createdAt: answeredTime,
    createdBy: z.string(),
  })
  .meta({ id: 'RoleBinding' });

export const roleBindingPage = pageOf(roleBindingView, 'RoleBindingPage');

/** What a cursor of the list stands for. */
export const roleBindingPlace = z.object({ group: z.string(), id: z.uuid() });

export function toView({ id, state }: RoleBinding): z.input<typeof roleBindingView> {
  const { group, role, scope, createdAt, createdBy } = state;
  return { id, group, role, scope: scope && scopeView(scope), createdAt, createdBy };
}

export const ROLE_BINDING_EXAMPLE = {
  id: '5f0c8e3a-54c1-5f9b-8f0e-3f1f0a1c2d4e',
  group: 'lab-operators',
  role: 'operator',
  scope: { regions: ['eu-west-1'], tags: ['course:routing'] },
  createdAt: '2027-01-05T08:00:00.000Z',
  createdBy: 'api-key:7c9e6679-7425-40de-944b-e07fc1f90ae7',
};
