import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { WorkerRepository } from '../domain/ports';
import { WorkerNotFound } from '../domain/worker-errors';
import { type WorkerState } from '../domain/worker-state';

/** One worker from its stream, as it is or as it was at a time (fleet time). @throws WorkerNotFound */
export class GetWorker extends Query<WorkerState> {
  constructor(
    readonly workerId: string,
    readonly at: Date | null = null,
  ) {
    super();
  }
}

@QueryHandler(GetWorker)
export class GetWorkerHandler implements IQueryHandler<GetWorker> {
  constructor(private readonly workers: WorkerRepository) {}

  async execute({ workerId, at }: GetWorker): Promise<WorkerState> {
    const worker = at ? await this.workers.getAt(workerId, at) : await this.workers.getById(workerId);
    if (!worker) throw new WorkerNotFound(workerId);
    return worker.state;
  }
}
