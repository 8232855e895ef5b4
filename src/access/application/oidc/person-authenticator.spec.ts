import { ManualClock, MINUTE, plus } from '../../../kernel/clocks';
import { type Principal } from '../../../kernel/principal';
import { AccessTokens } from '../../domain/oidc/oidc-ports';
import { type Person } from '../../domain/oidc/person';
import { type NewRoleBinding, RoleBinding } from '../../domain/oidc/role-binding';
import { type RoleBindingEvent } from '../../domain/oidc/role-binding-events';
import { aRoleBindingDirectory } from '../../testing/role-binding-directory';
import { PersonAuthenticator } from './person-authenticator';
import { type RoleBindingDirectory } from './role-binding-directory';

const NOW = new Date('2027-01-01T12:00:00.000Z');
const ANN: Person = { subject: 'ann', name: 'Ann A.', groups: ['ops', 'lab'], expiresAt: plus(NOW, MINUTE) };
const NOBODY = [{ role: 'user', scope: { workerIds: [] } }];

/** Takes the token `ann`. */
class OneToken extends AccessTokens {
  personOf(token: string, now: Date): Promise<Person | null> {
    return Promise.resolve(token === 'ann' && ANN.expiresAt > now ? ANN : null);
  }
}

describe('PersonAuthenticator', () => {
  let clock: ManualClock;
  let bindings: RoleBindingDirectory;
  let authenticator: PersonAuthenticator;
  beforeEach(() => {
    clock = new ManualClock(NOW);
    bindings = aRoleBindingDirectory();
    authenticator = new PersonAuthenticator(new OneToken(), bindings, clock);
  });

  function bind(given: Partial<NewRoleBinding>): RoleBinding {
    const said = {
      group: 'ops',
      role: 'viewer',
      scope: null,
      createdAt: NOW,
      createdBy: 'system:test',
    } as const;
    return put(RoleBinding.create({ ...said, ...given }));
  }
  function put(binding: RoleBinding, before: readonly RoleBindingEvent[] = []): RoleBinding {
    const stored = RoleBinding.restore(binding.id, [...before, ...binding.uncommitted]);
    bindings.put(stored);
    return stored;
  }
  function unbind(binding: RoleBinding): void {
    const version = { state: binding.state, version: binding.version };
    const changed = RoleBinding.restore(binding.id, [], version);
    changed.delete('system:test', NOW);
    bindings.put(RoleBinding.restore(binding.id, changed.uncommitted, version));
  }
  async function ann(): Promise<Principal> {
    const principal = await authenticator.authenticate('ann');
    if (!principal) throw new Error('Ann was not recognised');
    return principal;
  }

  it('recognises a person whom no binding knows, who gets nothing', async () => {
    bind({ group: 'others', role: 'admin' });
    bind({ group: 'Ops', role: 'admin' });
    expect(await ann()).toMatchObject({
      ...{ actor: 'user:ann', name: 'Ann A.', grants: NOBODY, expiresAt: ANN.expiresAt },
    });
  });

  it('adds up what the groups are bound to', async () => {
    const scope = { regions: ['us-east-1'] };
    bind({ role: 'operator', scope });
    bind({ role: 'viewer' });
    bind({ group: 'lab', role: 'admin', scope });
    const { grants } = await ann();
    expect(grants).toHaveLength(3);
    expect(grants).toEqual(
      expect.arrayContaining([
        { role: 'viewer', scope: null },
        { role: 'operator', scope },
        { role: 'admin', scope },
      ]),
    );
  });

  it('recognises no other token', async () => {
    expect(await authenticator.authenticate('bob')).toBeNull();
  });

  describe('takes a caller for valid', () => {
    it('until the token expires', async () => {
      const principal = await ann();
      clock.set(plus(ANN.expiresAt, -1));
      expect(authenticator.isStillValid(principal)).toBe(true);
      clock.set(ANN.expiresAt);
      expect(authenticator.isStillValid(principal)).toBe(false);
    });

    it('with what was assigned to him as well', async () => {
      const principal = await ann();
      const grants = [...principal.grants, { role: 'user', scope: { workerIds: ['w'] } } as const];
      expect(authenticator.isStillValid({ ...principal, grants })).toBe(true);
    });

    it('until a binding of his groups comes or goes, whosever else do', async () => {
      const binding = bind({});
      const principal = await ann();
      let told = 0;
      const end = authenticator.onChange(() => (told += 1));
      bind({ group: 'others' });
      expect(authenticator.isStillValid(principal)).toBe(true);
      const more = bind({ role: 'operator' });
      expect(authenticator.isStillValid(principal)).toBe(false);
      unbind(more);
      expect(authenticator.isStillValid(principal)).toBe(true);
      unbind(binding);
      expect(authenticator.isStillValid(principal)).toBe(false);
      expect(told).toBe(4);
      end();
      bind({ group: 'more' });
      expect(told).toBe(4);
    });

    it('only who came with a token', () => {
      const principal: Principal = {
        actor: 'user:ann',
        name: 'Ann',
        grants: [],
        expiresAt: plus(NOW, MINUTE),
      };
      expect(authenticator.isStillValid(principal)).toBe(false);
    });
  });
});
