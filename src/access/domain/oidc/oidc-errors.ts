import { DomainError } from '../../../kernel/domain-error';

export class RoleBindingNotFound extends DomainError {
  readonly code = 'role-binding-not-found';
  readonly kind = 'not-found';

  constructor(id: string) {
    super(`There is no role binding ${id}. GET /api/v1/role-bindings lists them.`);
  }
}

/** Two of the same would give nothing more than one, and hide that the right is still there when one is deleted. */
export class RoleBindingExists extends DomainError {
  readonly code = 'already-exists';
  readonly kind = 'conflict';

  constructor(id: string) {
    super('The group has this role in this part of the fleet already.', { roleBindingId: id });
  }
}

/** The issuer of access tokens does not tell its keys, and the token at hand may be signed by a new one. */
export class IdentityUnavailable extends DomainError {
  readonly code = 'identity-unavailable';
  readonly kind = 'unavailable';

  /** @param seconds machine seconds until the issuer is asked again */
  constructor(private readonly seconds: number) {
    super('The identity provider does not answer, so it cannot be told whether your access token is valid.');
  }

  override get retryAfterSeconds(): number {
    return this.seconds;
  }
}
