import { DomainError } from '../../kernel/domain-error';
import { covers, type Reach, type Reachable } from '../../kernel/reach';
import { WorkerGate } from '../worker-gate';

class NotFound extends DomainError {
  readonly code = 'worker-not-found';
  readonly kind = 'not-found';
}

/** Knows the workers that a test names, and no others. */
export class FakeWorkerGate extends WorkerGate {
  workers: Reachable[] = [];

  constructor(...workers: Reachable[]) {
    super();
    this.workers = workers;
  }

  async mustBeWithin(workerId: string, reach: Reach): Promise<void> {
    if (!(await this.within([workerId], reach)).has(workerId)) throw new NotFound('none');
  }

  within(workerIds: readonly string[], reach: Reach): Promise<ReadonlySet<string>> {
    const seen = this.workers.filter((worker) => covers(reach, worker)).map(({ id }) => id);
    return Promise.resolve(new Set(seen.filter((id) => workerIds.includes(id))));
  }

  idsWithin(reach: Reach): Promise<readonly string[]> {
    return Promise.resolve(this.workers.filter((worker) => covers(reach, worker)).map(({ id }) => id));
  }
}
