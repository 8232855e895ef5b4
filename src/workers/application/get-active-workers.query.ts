import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { EVERYWHERE, type WorkerRecord, WorkerRepository } from '../domain/ports';

/** All workers that are managed and not TERMINATED, by id; of one region, or everywhere (null). */
export class GetActiveWorkers extends Query<WorkerRecord[]> {
  constructor(readonly region: string | null = null) {
    super();
  }
}

@QueryHandler(GetActiveWorkers)
export class GetActiveWorkersHandler implements IQueryHandler<GetActiveWorkers> {
  constructor(private readonly workers: WorkerRepository) {}

  async execute({ region }: GetActiveWorkers): Promise<WorkerRecord[]> {
    return this.workers.getActiveWorkers(region === null ? EVERYWHERE : { in: region });
  }
}
