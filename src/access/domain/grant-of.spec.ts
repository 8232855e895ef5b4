import { type Grant } from '../../kernel/principal';
import { grantOf } from './grant-of';

const scope = { regions: ['us-east-1'] };

it.each<[Grant['role'], Grant['scope'], Grant['scope']]>([
  ['admin', null, null],
  ['viewer', null, null],
  ['viewer', scope, scope],
  ['user', scope, scope],
  // a user has what is assigned to him
  ['user', null, { workerIds: [] }],
])('%s with %j is the role in %j', (role, has, gets) => {
  expect(grantOf({ role, scope: has })).toEqual({ role, scope: gets });
});
