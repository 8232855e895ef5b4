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

it('the greatest role is the greatest of any scope', () => {
  expect(greatestRole({ grants })).toBe('admin');
  expect(greatestRole({ grants: [] })).toBe('user');
});
