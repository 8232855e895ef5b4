import { DomainError } from '../../kernel/domain-error';

export class ApiKeyNotFound extends DomainError {
  readonly code = 'api-key-not-found';
  readonly kind = 'not-found';

  constructor(id: string) {
    super(`There is no API key ${id}. GET /api/v1/api-keys lists them.`);
  }
}

/** Without this key nobody could administer the fleet any more, now or after the other admin keys expire. */
export class LastAdminKey extends DomainError {
  readonly code = 'last-admin-key';
  readonly kind = 'conflict';

  constructor(name: string) {
    super(`No other admin key works as long as "${name}". Create another admin key, then revoke this one.`);
  }
}

/** What is over is not brought back by a new text. */
export class ApiKeyEnded extends DomainError {
  readonly code = 'api-key-ended';
  readonly kind = 'conflict';

  constructor(name: string) {
    super(`"${name}" was revoked or has expired: a new text would open nothing. Create another key.`);
  }
}
