import { DomainError } from '../../kernel/domain-error';

export class RunNotFound extends DomainError {
  readonly code = 'run-not-found';
  readonly kind = 'not-found';

  constructor(id: string) {
    super(
      `There is no run ${id}, or it is too old to be kept. GET /api/v1/reaper/runs lists those that are.`,
    );
  }
}
