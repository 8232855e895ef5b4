import {
  type Observation,
  type Observations,
  type Source,
  SOURCES,
  withReadings,
} from '../domain/observation';
import { type Confirmation, ObservationStore } from '../domain/ports';

export class MemoryObservationStore extends ObservationStore {
  private readonly byWorker = new Map<string, Observations>();

  save(observations: readonly Observation[]): Promise<void> {
    for (const observation of observations) {
      const present = this.byWorker.get(observation.workerId) ?? {};
      const stored = present[observation.source]?.observedAt?.getTime() ?? -Infinity;
      if (stored > (observation.observedAt?.getTime() ?? -Infinity)) continue;
      this.byWorker.set(observation.workerId, withReadings(present, [observation]));
    }
    return Promise.resolve();
  }

  confirm(again: readonly Confirmation[]): Promise<void> {
    return this.save(again.map(({ after }) => after));
  }

  of(workerId: string): Promise<Observations> {
    return Promise.resolve(this.byWorker.get(workerId) ?? {});
  }

  ofMany(
    workerIds: readonly string[],
    sources: readonly Source[] = SOURCES,
  ): Promise<ReadonlyMap<string, Observations>> {
    const of = (id: string): Observations => {
      const known = this.byWorker.get(id) ?? {};
      return withReadings(
        {},
        sources.flatMap((source) => known[source] ?? []),
      );
    };
    return Promise.resolve(new Map(workerIds.map((id) => [id, of(id)])));
  }
}
