import { DomainError } from '../../kernel/domain-error';

export class LabNotFound extends DomainError {
  readonly code = 'lab-not-found';
  readonly kind = 'not-found';

  constructor(labId: string, why: string) {
    super(`There is no lab ${labId}: ${why}`);
  }
}

export class TopologyNotFound extends DomainError {
  readonly code = 'topology-not-found';
  readonly kind = 'not-found';

  constructor(topologyId: string) {
    super(
      `There is no topology ${topologyId} of this worker, or it is older than 90 days. ` +
        'GET /api/v1/workers/{id}/topologies lists those that are kept.',
    );
  }
}

interface WorkerInTheWay {
  readonly name: string;
  readonly status: string;
  readonly desired: { readonly state: string; readonly by: string; readonly reason: string | null };
}

/** Labs can be asked about, and changed, while the worker runs only. */
export class WorkerDoesNotRun extends DomainError {
  readonly code = 'invalid-transition';
  readonly kind = 'conflict';

  constructor({ name, status, desired }: WorkerInTheWay) {
    super(
      `${name} does not run: it is ${status}, wanted ${desired.state}. Its labs can neither be read nor changed. Start the worker first.`,
      { status, desiredState: desired.state },
    );
  }
}

/** A lab that starts now would be stopped, or destroyed, together with its worker. */
export class WorkerIsToEnd extends DomainError {
  readonly code = 'invalid-transition';
  readonly kind = 'conflict';

  constructor({ name, status, desired: { state, by, reason } }: WorkerInTheWay) {
    const why = reason === null ? '' : ` (${reason})`;
    const remedy =
      state === 'TERMINATED'
        ? 'Use another worker.'
        : 'Start the worker first, so that it is wanted RUNNING.';
    super(`No lab can be started on ${name}: ${by} wants it ${state}${why}. ${remedy}`, {
      ...{ status, desiredState: state },
    });
  }
}

/** A forced stop went on without all that should come before; of its operation. */
export class StopNotPrepared extends DomainError {
  readonly code = 'stop-not-prepared';
  readonly kind = 'refused';

  constructor(name: string, why: string) {
    super(`${name} is stopped although its labs may not all have been stopped in order: ${why}`);
  }
}
