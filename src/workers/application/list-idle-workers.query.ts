import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type Reach } from '../../kernel/reach';
import { type WorkerRecord, WorkerRepository } from '../domain/ports';

/** RUNNING, known to be without labs, and without activity for longer than the threshold; longest idle first. */
export class ListIdleWorkers extends Query<WorkerRecord[]> {
  constructor(
    readonly thresholdMinutes: number,
    readonly reach: Reach,
  ) {
    super();
  }
}

@QueryHandler(ListIdleWorkers)
export class ListIdleWorkersHandler implements IQueryHandler<ListIdleWorkers> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute({ thresholdMinutes, reach }: ListIdleWorkers): Promise<WorkerRecord[]> {
    return this.workers.getIdleWorkers(thresholdMinutes, this.clock.now(), reach);
  }
}
