import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type Observations } from '../domain/observation';
import { ObservationStore, SignalHistory } from '../domain/ports';
import { type Signal, type SignalInterval } from '../domain/signal';

export interface WorkerObservations {
  readonly observations: Observations;
  /** the interval that each signal was in at its latest reading; one without a reading is missing */
  readonly signals: ReadonlyMap<Signal, SignalInterval>;
}

/** What was last observed of workers, by id. A worker of which nothing is known has empty ones. */
export class GetObservations extends Query<ReadonlyMap<string, WorkerObservations>> {
  constructor(readonly workerIds: readonly string[]) {
    super();
  }
}

@QueryHandler(GetObservations)
export class GetObservationsHandler implements IQueryHandler<GetObservations> {
  constructor(
    private readonly observations: ObservationStore,
    private readonly history: SignalHistory,
  ) {}

  async execute({ workerIds }: GetObservations): Promise<ReadonlyMap<string, WorkerObservations>> {
    const [observations, signals] = await Promise.all([
      this.observations.ofMany(workerIds),
      this.history.current(workerIds),
    ]);
    return new Map(
      workerIds.map((id) => [
        id,
        { observations: observations.get(id) ?? {}, signals: signals.get(id) ?? new Map() },
      ]),
    );
  }
}
