import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type WorkerRecord, WorkerRepository } from '../domain/ports';

/** All workers that are managed and not TERMINATED. */
export class GetActiveWorkers extends Query<WorkerRecord[]> {}

@QueryHandler(GetActiveWorkers)
export class GetActiveWorkersHandler implements IQueryHandler<GetActiveWorkers> {
  constructor(private readonly workers: WorkerRepository) {}

  async execute(): Promise<WorkerRecord[]> {
    return this.workers.getActiveWorkers();
  }
}
