import { type Scope } from '../../../kernel/reach';
import { RoleBindingExists } from './oidc-errors';
import { RoleBinding } from './role-binding';
import { RoleBindingCreated, RoleBindingDeleted } from './role-binding-events';

const NOW = new Date('2027-01-01T12:00:00.000Z');
const LATER = new Date('2027-01-01T13:00:00.000Z');
const OPS = { group: 'ops', role: 'operator', scope: null, createdAt: NOW, createdBy: 'api-key:k' } as const;
const idOf = (given: object) => RoleBinding.create({ ...OPS, ...given }).id;

describe('RoleBinding', () => {
  it('gives a role in a part of the fleet', () => {
    const scope = { regions: ['us-east-1'] };
    const binding = RoleBinding.create({ ...OPS, scope });
    expect(binding.uncommitted).toEqual([new RoleBindingCreated(binding.id, { ...OPS, scope })]);
    expect(binding.grant).toEqual({ role: 'operator', scope });
  });

  it('of users without a scope gives what is assigned to them, and not all of the fleet', () => {
    const { grant, state } = RoleBinding.create({ ...OPS, role: 'user' });
    expect(grant).toEqual({ role: 'user', scope: { workerIds: [] } });
    expect(state.scope).toBeNull();
  });

  it('is the same one however its scope is written', () => {
    const tags = [
      { key: 'course', value: 'routing' },
      { key: 'a', value: 'b' },
    ];
    const scope: Scope = { workerIds: ['w2', 'w1', 'w2'], tags, regions: ['us-east-1', 'eu-west-1'] };
    const other: Scope = {
      regions: ['eu-west-1', 'us-east-1', 'eu-west-1'],
      tags: [{ value: 'b', key: 'a' }, ...tags.slice(0, 1)],
      workerIds: ['w1', 'w2'],
    };
    expect(idOf({ scope })).toBe(idOf({ scope: other }));
    expect(RoleBinding.create({ ...OPS, scope }).state.scope).toEqual({
      regions: ['eu-west-1', 'us-east-1'],
      tags: [tags[1], tags[0]],
      workerIds: ['w1', 'w2'],
    });
  });

  it('is another one where it says anything else', () => {
    const tagged = (key: string, value: string) => ({ scope: { tags: [{ key, value }] } });
    const all = [
      ...[{}, { group: 'Ops' }, { group: 'ops|operator' }, { role: 'viewer' }, { scope: { regions: ['a'] } }],
      ...[{ scope: { workerIds: ['a'] } }, { scope: { labIds: ['a'] } }, { scope: { regions: ['a,b'] } }],
      ...[{ scope: { regions: ['a', 'b'] } }, tagged('a', 'b:c'), tagged('a:b', 'c')],
    ];
    expect(new Set(all.map(idOf)).size).toBe(all.length);
  });

  it('is deleted once, and can be created again then', () => {
    const binding = RoleBinding.create(OPS);
    expect(() => binding.createAgain('user:ann', LATER)).toThrow(RoleBindingExists);
    expect(binding.delete('user:ann', LATER)).toBe(true);
    expect(binding.delete('user:bob', LATER)).toBe(false);
    expect(binding.state).toMatchObject({ deletedAt: LATER, deletedBy: 'user:ann' });
    binding.createAgain('user:bob', LATER);
    expect(binding.state).toEqual({
      ...{ ...OPS, createdAt: LATER, createdBy: 'user:bob' },
      ...{ deletedAt: null, deletedBy: null },
    });
    expect(binding.uncommitted.slice(1)).toEqual([
      new RoleBindingDeleted(binding.id, { deletedAt: LATER, deletedBy: 'user:ann' }),
      new RoleBindingCreated(binding.id, { ...OPS, createdAt: LATER, createdBy: 'user:bob' }),
    ]);
    expect(RoleBinding.restore(binding.id, binding.uncommitted).state).toEqual(binding.state);
  });
});
