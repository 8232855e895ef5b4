import { DomainError } from '../kernel/domain-error';
import { type Role } from '../kernel/principal';

export class Unauthenticated extends DomainError {
  readonly code = 'unauthenticated';
  readonly kind = 'unauthenticated';

  constructor() {
    super('This needs a valid API key or access token: Authorization: Bearer <it>.');
  }
}

export class Forbidden extends DomainError {
  readonly code = 'forbidden';
  readonly kind = 'forbidden';

  constructor(has: Role, needed: Role) {
    super(`This needs the role ${needed}; your key has the role ${has}.`, {
      requiredRole: needed,
      role: has,
    });
  }
}

const TOO_SMALL = {
  fleet: 'This is about the whole fleet; you have rights in a part of it only.',
  role: 'You have the role that this needs in another part of the fleet only.',
  labs: 'This is about all labs of the worker; you have rights over some of them only.',
  replay:
    'What this Idempotency-Key stands for was asked for with rights that you have no more. Use another key.',
};

/** The route is about all of something, and the caller has only a part of it. */
export class ScopeTooSmall extends DomainError {
  readonly code = 'scope-too-small';
  readonly kind = 'forbidden';

  constructor(why: keyof typeof TOO_SMALL = 'fleet') {
    super(`${TOO_SMALL[why]} GET /api/v1/me shows which you have.`);
  }
}

/** More requests than the limit allows. */
export class TooManyRequests extends DomainError {
  readonly code = 'too-many-requests';
  readonly kind = 'too-many';

  constructor(
    limit: number,
    private readonly seconds: number,
    what = 'requests a minute',
  ) {
    super(`More than ${limit} ${what}. Try again in ${seconds} s.`);
  }

  override get retryAfterSeconds(): number {
    return this.seconds;
  }
}

export class IdempotencyKeyReused extends DomainError {
  readonly code = 'idempotency-key-reused';
  readonly kind = 'invalid';

  constructor() {
    super('This Idempotency-Key was used with another body. A new request needs a new key.');
  }
}

/** The first request with the key is still being carried out. */
export class IdempotencyKeyInUse extends DomainError {
  readonly code = 'idempotency-key-in-use';
  readonly kind = 'conflict';

  constructor(private readonly seconds: number) {
    super('A request with this Idempotency-Key is still running. Repeat it later for its answer.');
  }

  override get retryAfterSeconds(): number {
    return this.seconds;
  }
}

export class ProblemNotFound extends DomainError {
  readonly code = 'problem-not-found';
  readonly kind = 'not-found';

  constructor(code: string) {
    super(`There is no problem with the code ${code}.`);
  }
}
