import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type WorkerCount, WorkerReadModel } from '../domain/ports';

/** How many workers are managed and not TERMINATED, by region and status; cheaper than all of them. */
export class CountWorkers extends Query<WorkerCount[]> {}

@QueryHandler(CountWorkers)
export class CountWorkersHandler implements IQueryHandler<CountWorkers> {
  constructor(private readonly workers: WorkerReadModel) {}

  execute(): Promise<WorkerCount[]> {
    return this.workers.activeCounts();
  }
}
