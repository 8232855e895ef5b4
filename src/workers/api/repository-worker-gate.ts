import { Injectable } from '@nestjs/common';
import { WorkerGate } from '../../http';
import { isUuid } from '../../kernel/ids';
import { type Reach } from '../../kernel/reach';
import { WorkerRepository } from '../domain/ports';
import { WorkerNotFound } from '../domain/worker-errors';

/** By the streams of workers, so that a changed tag counts at once; the list of ids by the read model. */
@Injectable()
export class RepositoryWorkerGate extends WorkerGate {
  constructor(private readonly workers: WorkerRepository) {
    super();
  }

  async mustBeWithin(workerId: string, reach: Reach): Promise<void> {
    if (!isUuid(workerId)) return;
    if (!(await this.workers.getById(workerId, reach))) throw new WorkerNotFound(workerId);
  }

  async within(workerIds: readonly string[], reach: Reach): Promise<ReadonlySet<string>> {
    const found = workerIds.map((id) => this.workers.getById(id, reach));
    return new Set((await Promise.all(found)).flatMap((worker) => (worker ? [worker.id] : [])));
  }

  idsWithin(reach: Reach): Promise<readonly string[]> {
    return this.workers.getIdsWithin(reach);
  }
}
