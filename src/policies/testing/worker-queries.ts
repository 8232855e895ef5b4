import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { GetActiveWorkers, GetWorker, WorkerNotFound, type WorkerState } from '../../workers';

/** What policies ask of workers, answered from a list. */
export class KnownWorkers {
  readonly workers = new Map<string, Pick<WorkerState, 'id' | 'awsRegion' | 'tags' | 'idlePolicyId'>>();
}

@QueryHandler(GetWorker)
export class FakeGetWorker implements IQueryHandler<GetWorker> {
  constructor(private readonly known: KnownWorkers) {}

  execute({ workerId }: GetWorker): Promise<WorkerState> {
    const worker = this.known.workers.get(workerId);
    return worker ? Promise.resolve(worker as WorkerState) : Promise.reject(new WorkerNotFound(workerId));
  }
}

@QueryHandler(GetActiveWorkers)
export class FakeGetActiveWorkers implements IQueryHandler<GetActiveWorkers> {
  constructor(private readonly known: KnownWorkers) {}

  execute(): Promise<WorkerState[]> {
    return Promise.resolve([...this.known.workers.values()] as WorkerState[]);
  }
}
