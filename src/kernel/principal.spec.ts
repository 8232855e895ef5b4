import { type Grant, greatestRole, reachOf } from './principal';
import { FLEET } from './reach';

const east = { regions: ['us-east-1'] };
const west = { regions: ['us-west-2'] };
const grants: readonly Grant[] = [
  { role: 'viewer', scope: null },
  { role: 'operator', scope: east },
  { role: 'admin', scope: west },
];

it('a caller reaches by a route what his grants of its role, or a greater one, cover', () => {
  expect(reachOf({ grants }, 'viewer')).toBe(FLEET);
  expect(reachOf({ grants }, 'operator')).toEqual([east, west]);
  expect(reachOf({ grants }, 'admin')).toEqual([west]);
  expect(reachOf({ grants: grants.slice(0, 1) }, 'operator')).toBeNull();
});

it('what users do as well is done by operators, and where somebody is a user and nothing more', () => {
  const orUser = { orUser: true };
  const assigned = { workerIds: ['w1'], labIds: ['l1'] };
  const more: readonly Grant[] = [...grants, { role: 'user', scope: assigned }];
  expect(reachOf({ grants: more }, 'operator', orUser)).toEqual([east, west, assigned]);
  expect(reachOf({ grants: more }, 'operator')).toEqual([east, west]);
  // a viewer of all of the fleet keeps nothing alive by that
  expect(reachOf({ grants: grants.slice(0, 1) }, 'operator', orUser)).toBeNull();
  expect(reachOf({ grants: [...grants.slice(0, 1), ...more.slice(3)] }, 'operator', orUser)).toEqual([
    assigned,
  ]);
});

it('the greatest role is the greatest of any scope', () => {
  expect(greatestRole({ grants })).toBe('admin');
  expect(greatestRole({ grants: [] })).toBe('user');
});
