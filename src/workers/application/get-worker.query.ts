import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { FLEET, type Reach } from '../../kernel/reach';
import { type CmlWorker } from '../domain/cml-worker';
import { WorkerRepository } from '../domain/ports';
import { WorkerNotFound } from '../domain/worker-errors';
import { type WorkerState } from '../domain/worker-state';

/**
 * One worker from its stream, as it is or as it was at a time (fleet time). Where a reach is given, what the worker is now
 * decides whether it is within. @throws WorkerNotFound
 */
export class GetWorker extends Query<WorkerState> {
  constructor(
    readonly workerId: string,
    readonly at: Date | null = null,
    readonly reach: Reach = FLEET,
  ) {
    super();
  }
}

@QueryHandler(GetWorker)
export class GetWorkerHandler implements IQueryHandler<GetWorker> {
  constructor(private readonly workers: WorkerRepository) {}

  async execute({ workerId, at, reach }: GetWorker): Promise<WorkerState> {
    const worker = at ? await this.asOf(workerId, at, reach) : await this.workers.getById(workerId, reach);
    if (!worker) throw new WorkerNotFound(workerId);
    return worker.state;
  }

  private async asOf(workerId: string, at: Date, reach: Reach): Promise<CmlWorker | null> {
    const isWithin = reach === FLEET || (await this.workers.getById(workerId, reach)) !== null;
    return isWithin ? this.workers.getAt(workerId, at) : null;
  }
}
