import { type Observation, type Observations, withReadings } from '../domain/observation';
import { ObservationStore } from '../domain/ports';

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

  of(workerId: string): Promise<Observations> {
    return Promise.resolve(this.byWorker.get(workerId) ?? {});
  }

  ofMany(workerIds: readonly string[]): Promise<ReadonlyMap<string, Observations>> {
    return Promise.resolve(new Map(workerIds.map((id) => [id, this.byWorker.get(id) ?? {}])));
  }
}
