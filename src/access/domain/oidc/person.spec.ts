import { personOf } from './person';

const EXPIRY = new Date('2027-01-01T12:05:00.000Z');
const NAMES = { name: 'preferred_username', groups: 'groups' };
const groupsOf = (claims: object, groups = 'groups') =>
  personOf({ sub: 'ann', ...claims }, { ...NAMES, groups }, EXPIRY)?.groups;

describe('a person in a token', () => {
  it('has the name of the claim, else the subject', () => {
    const nameIn = (name: unknown) => personOf({ sub: 'ann', preferred_username: name }, NAMES, EXPIRY)?.name;
    expect(nameIn('Ann A.')).toBe('Ann A.');
    expect(nameIn('  Ann\u0000\n\u202e A. ')).toBe('Ann A.');
    expect(nameIn('x'.repeat(300))).toHaveLength(100);
    for (const none of [undefined, null, '', ' ', '\n', 7, ['Ann'], {}]) expect(nameIn(none)).toBe('ann');
  });

  it.each([undefined, null, '', ' ', 7, {}, ['ann'], 'an n', 'ann\n', 'änn', 'x'.repeat(256)])(
    'is nobody with the subject %j',
    (sub) => {
      expect(personOf({ sub }, NAMES, EXPIRY)).toBeNull();
    },
  );

  it('is in the groups of a list, or of a text with spaces, each once', () => {
    expect(groupsOf({ groups: ['ops', '/lab/routing', 'ops', 'with space'] })).toEqual([
      ...['ops', '/lab/routing', 'with space'],
    ]);
    expect(groupsOf({ groups: 'ops  lab ops' })).toEqual(['ops', 'lab']);
  });

  it('is in no group where the claim says none that can be understood', () => {
    for (const groups of [undefined, null, '', 7, {}, { ops: true }])
      expect(groupsOf({ groups })).toEqual([]);
    expect(groupsOf({ groups: ['ops', 7, null, ['admin'], ''] })).toEqual(['ops']);
  });

  it('is in the groups of a claim within objects, or of one whose own name has dots', () => {
    const claims = { realm_access: { roles: ['ops'] }, 'https://example.com/groups': ['lab'] };
    expect(groupsOf(claims, 'realm_access.roles')).toEqual(['ops']);
    expect(groupsOf(claims, 'https://example.com/groups')).toEqual(['lab']);
    for (const path of ['realm_access', 'realm_access.other', 'no.such', 'sub.length']) {
      expect(groupsOf(claims, path)).toEqual([]);
    }
  });

  it('gets nothing from what objects have by themselves', () => {
    for (const path of ['constructor.name', '__proto__.groups', 'toString']) {
      expect(groupsOf({}, path)).toEqual([]);
    }
  });
});
