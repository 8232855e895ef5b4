import { DomainError } from '../../kernel/domain-error';

export class OrphanNotFound extends DomainError {
  readonly code = 'orphan-not-found';
  readonly kind = 'not-found';

  constructor(id: string) {
    super(`There is no orphan ${id} (any more). GET /api/v1/orphans lists them.`);
  }
}

/** It was looked at again before anything was done, and is none any more. */
export class OrphanChanged extends DomainError {
  readonly code = 'orphan-changed';
  readonly kind = 'conflict';

  constructor(why: string) {
    super(`This is no orphan any more, and nothing was done. ${why}`);
  }
}

export class OrphanNotAdoptable extends DomainError {
  readonly code = 'orphan-not-adoptable';
  readonly kind = 'conflict';

  constructor(kind: string) {
    super(`Only an instance without a worker can be adopted; this is a ${kind}.`);
  }
}
