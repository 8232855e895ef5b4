import { DomainError } from '../../kernel/domain-error';

/** Two turns at once would announce and stop twice. */
export class ReaperBusy extends DomainError {
  readonly code = 'reaper-running';
  readonly kind = 'conflict';

  constructor() {
    super(
      'The reaper is at work at this moment, here or in another process, or died in the last ten seconds. ' +
        'Repeat it in a few seconds, or send "dryRun": true, which needs no turn.',
    );
  }
}

export class RunNotFound extends DomainError {
  readonly code = 'run-not-found';
  readonly kind = 'not-found';

  constructor(id: string) {
    super(
      `There is no run ${id}, or it is too old to be kept. GET /api/v1/reaper/runs lists those that are.`,
    );
  }
}
