import { DomainError } from '../../kernel/domain-error';

export class LicensePoolNotFound extends DomainError {
  readonly code = 'license-pool-not-found';
  readonly kind = 'not-found';

  constructor(pool: string) {
    super(`There is no licence pool ${pool}. GET /api/v1/license-pools lists them.`);
  }
}

export class LicensePoolNameTaken extends DomainError {
  readonly code = 'already-exists';
  readonly kind = 'conflict';

  constructor(name: string, poolId: string | null) {
    super(`The name "${name}" belongs to another licence pool already.`, poolId ? { poolId } : {});
  }
}

/** The workers that are named in a message; GET shows all. */
const NAMED = 10;

/** It names no worker: it is stored with a worker, for people who may be shown that one and not those that have the seats. */
export class LicensePoolExhausted extends DomainError {
  readonly code = 'license-pool-exhausted';
  readonly kind = 'conflict';

  constructor({ id, name, capacity }: { id: string; name: string; capacity: number }) {
    super(
      `The licence pool "${name}" has ${capacity} ${capacity === 1 ? 'seat' : 'seats'} and none is free; GET ` +
        `/api/v1/license-pools/${id} shows who has them. Give back the licence of one (DELETE ` +
        '/api/v1/workers/{id}/license), free a stranded seat, or raise the capacity to what was bought ' +
        `(PATCH /api/v1/license-pools/${id}).`,
      { poolId: id, capacity },
    );
  }
}

/** A worker has one licence, so it has a seat in one pool at most. */
export class AlreadySeated extends DomainError {
  readonly code = 'already-seated';
  readonly kind = 'conflict';

  constructor(workerId: string, poolId: string | null) {
    super(
      `The worker ${workerId} has a seat in the licence pool ${poolId ?? '(unknown)'} already: give that licence back ` +
        `first (DELETE /api/v1/workers/${workerId}/license).`,
      { workerId, poolId },
    );
  }
}

export class LicensePoolInUse extends DomainError {
  readonly code = 'license-pool-in-use';
  readonly kind = 'conflict';

  constructor({ id, name }: { id: string; name: string }, workerIds: readonly string[]) {
    super(
      `The licence pool "${name}" still has ${workerIds.length} seats that are taken or stranded: give the licences ` +
        `back first, or delete it all the same with DELETE /api/v1/license-pools/${id}?force=true.`,
      { workerIds: workerIds.slice(0, NAMED) },
    );
  }
}

export class LicenseSeatNotFound extends DomainError {
  readonly code = 'license-seat-not-found';
  readonly kind = 'not-found';

  constructor(poolId: string, workerId: string) {
    super(
      `The worker ${workerId} has no seat in the licence pool ${poolId}. GET /api/v1/license-pools/${poolId} shows who has.`,
    );
  }
}

/** Only what could not be given back is freed by a person's word. */
export class LicenseSeatNotStranded extends DomainError {
  readonly code = 'license-seat-not-stranded';
  readonly kind = 'conflict';

  constructor(workerId: string) {
    super(
      `The seat of the worker ${workerId} is taken, not stranded: give its licence back with DELETE ` +
        `/api/v1/workers/${workerId}/license, which frees the seat.`,
    );
  }
}
