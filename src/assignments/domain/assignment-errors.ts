import { DomainError } from '../../kernel/domain-error';
import { type Assignment } from './assignment';

export class AssignmentNotFound extends DomainError {
  readonly code = 'assignment-not-found';
  readonly kind = 'not-found';

  constructor(id: string) {
    super(`There is no assignment ${id}. GET /api/v1/assignments lists those that you may see.`);
  }
}

/** The user has the same worker, or the same lab on it, at that time already. */
export class AssignmentOverlaps extends DomainError {
  readonly code = 'assignment-overlaps';
  readonly kind = 'conflict';

  constructor({
    id,
    workerId,
    labId,
    from,
    until,
  }: Pick<Assignment, 'id' | 'workerId' | 'labId' | 'from' | 'until'>) {
    const what = labId === null ? `The worker ${workerId}` : `The lab ${labId} on the worker ${workerId}`;
    const end = until ? `until ${until.toISOString()}` : 'without an end';
    super(
      `${what} is assigned to this user from ${from.toISOString()} ${end} already. ` +
        'End that assignment first, or let the new one begin after it.',
      { assignmentId: id },
    );
  }
}

/** The user would have more assignments at the same moment than the quota allows. */
export class QuotaExceeded extends DomainError {
  readonly code = 'quota-exceeded';
  readonly kind = 'conflict';

  constructor(quota: number, atOnce: number) {
    super(
      `The quota is ${quota} at the same moment, and ${atOnce} are assigned or asked for in that time already. ` +
        'Give one back first, or ask an admin for a greater quota.',
      { quota, atOnce },
    );
  }
}

/** Nothing can be assigned on a worker that is gone, or about to be. */
export class WorkerGone extends DomainError {
  readonly code = 'invalid-transition';
  readonly kind = 'conflict';

  constructor(name: string) {
    super(`The worker "${name}" is terminated or about to be. Assign another one.`);
  }
}
