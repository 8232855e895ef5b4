import { DomainError } from '../../kernel/domain-error';

export class SimulationNotFound extends DomainError {
  readonly code = 'simulation-not-found';
  readonly kind = 'not-found';

  constructor(id: string) {
    super(
      `There is no simulation ${id}: it is still under way or came to no end, which GET /api/v1/operations/${id} ` +
        'tells, or it is too old to be kept.',
    );
  }
}
