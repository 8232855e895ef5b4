import { DomainError } from '../../kernel/domain-error';
import { type RequestState } from './worker-request-state';

export class RequestNotFound extends DomainError {
  readonly code = 'request-not-found';
  readonly kind = 'not-found';

  constructor(id: string) {
    super(`There is no request ${id}. GET /api/v1/requests lists those that you may see.`);
  }
}

export class RequestEnded extends DomainError {
  readonly code = 'request-ended';
  readonly kind = 'conflict';

  constructor(id: string, state: RequestState) {
    super(`The request ${id} is ${state}: there is nothing left to cancel.`, { state });
  }
}

/** Nobody said which workers may be given to whoever asks. */
export class RequestsNotOffered extends DomainError {
  readonly code = 'requests-not-offered';
  readonly kind = 'conflict';

  constructor() {
    super(
      'No workers are given on request here: FLEET_REQUEST_TAGS does not say which may be. ' +
        'Ask an admin to assign you one.',
    );
  }
}
