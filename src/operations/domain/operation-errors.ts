import { DomainError } from '../../kernel/domain-error';

export class OperationNotFound extends DomainError {
  readonly code = 'operation-not-found';
  readonly kind = 'not-found';

  constructor(id: string) {
    super(
      `There is no operation ${id}, or it ended more than 30 days ago. GET /api/v1/operations lists them.`,
    );
  }
}

/** What has ended cannot be cancelled any more. */
export class OperationHasEnded extends DomainError {
  readonly code = 'operation-ended';
  readonly kind = 'conflict';

  constructor(id: string, state: string) {
    super(`The operation ${id} has ${state} already: there is nothing left to cancel.`, { state });
  }
}

/**
 * A handler throws it where nothing can be done for a while: the operation makes room for others, and is begun anew so
 * many machine milliseconds later, here or in another process.
 */
export class OperationPostponed extends Error {
  constructor(
    readonly forMs: number,
    why: string,
  ) {
    super(why);
  }
}

/**
 * The operation is not this runner's to carry on: somebody cancelled it, another process has it, or this one stops.
 * A handler lets it through.
 */
export class OperationInterrupted extends Error {
  constructor(readonly because: 'cancelled' | 'lost' | 'stopping') {
    super(`the operation goes on no more here: ${because}`);
  }
}
