import { isDeepStrictEqual } from 'node:util';
import { type MachineClock } from '../../../kernel/clocks';
import { type Grant, type Principal } from '../../../kernel/principal';
import { type AccessTokens } from '../../domain/oidc/oidc-ports';
import { TokenAuthenticator } from '../../domain/rights-ports';
import { type RoleBindingDirectory } from './role-binding-directory';

/** Of a person whom no binding knows: nothing but what is assigned to him. */
const NOTHING: Grant = { role: 'user', scope: { workerIds: [] } };

/** How a person was recognised: it goes along when what is assigned to him is added to his grants. */
interface RecognisedPerson extends Principal {
  readonly groups: readonly string[];
  readonly ownGrants: readonly Grant[];
}

/** Recognises persons by access tokens, and gives them what is bound to their groups. */
export class PersonAuthenticator extends TokenAuthenticator {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly bindings: RoleBindingDirectory,
    private readonly clock: MachineClock,
  ) {
    super();
  }

  /** @throws IdentityUnavailable */
  async authenticate(bearer: string): Promise<RecognisedPerson | null> {
    const person = await this.tokens.personOf(bearer, this.clock.now());
    if (!person) return null;
    const { subject, name, groups, expiresAt } = person;
    const grants = this.grantsOf(groups);
    return { actor: `user:${subject}`, name, grants, ownGrants: grants, groups, expiresAt };
  }

  /** Until the token expires, and while its groups are bound to the same; whether its key was withdrawn is not asked. */
  isStillValid(principal: Principal): boolean {
    if (!isPerson(principal) || !principal.expiresAt) return false;
    const { expiresAt, groups, ownGrants } = principal;
    return expiresAt > this.clock.now() && isDeepStrictEqual(this.grantsOf(groups), ownGrants);
  }

  onChange(listener: () => void): () => void {
    return this.bindings.listen(listener);
  }

  private grantsOf(groups: readonly string[]): Grant[] {
    const bound = this.bindings.grantsOf(groups);
    return bound.length > 0 ? bound : [NOTHING];
  }
}

function isPerson(principal: Principal): principal is RecognisedPerson {
  return 'ownGrants' in principal;
}
