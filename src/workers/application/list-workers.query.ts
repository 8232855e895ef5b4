import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type WorkerPageRequest, WorkerReadModel, type WorkerRecord } from '../domain/ports';

/** One page of workers. */
export class ListWorkers extends Query<WorkerRecord[]> {
  constructor(readonly request: WorkerPageRequest) {
    super();
  }
}

@QueryHandler(ListWorkers)
export class ListWorkersHandler implements IQueryHandler<ListWorkers> {
  constructor(private readonly readModel: WorkerReadModel) {}

  async execute({ request }: ListWorkers): Promise<WorkerRecord[]> {
    return this.readModel.page(request);
  }
}
