import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Model } from 'mongoose';
import { answered } from '../../event-store';
import { type Observation, type Observations, SOURCES, withReadings } from '../domain/observation';
import { ObservationStore } from '../domain/ports';
import { OBSERVATION_MODEL, type ObservationDocument } from './observation.schema';
import { putUnlessNewer } from './put-unless-newer';

/** The collection `worker_observations`: one document per worker and source, found by its `_id` alone. */
@Injectable()
export class MongoObservationStore extends ObservationStore {
  constructor(@InjectModel(OBSERVATION_MODEL) private readonly model: Model<ObservationDocument>) {
    super();
  }

  save(observations: readonly Observation[]): Promise<void> {
    const documents = observations.map(({ workerId, ...rest }) => ({
      _id: `${workerId}|${rest.source}`,
      worker: workerId,
      ...rest,
    }));
    return putUnlessNewer(this.model, 'observedAt', documents);
  }

  async of(workerId: string): Promise<Observations> {
    return (await this.ofMany([workerId])).get(workerId) ?? {};
  }

  async ofMany(workerIds: readonly string[]): Promise<ReadonlyMap<string, Observations>> {
    const ids = workerIds.flatMap((id) => SOURCES.map((source) => `${id}|${source}`));
    const found = await answered(async () =>
      this.model.find({ _id: { $in: ids } }).lean<ObservationDocument[]>(),
    );
    const byWorker = new Map<string, Observations>(workerIds.map((id) => [id, {}]));
    for (const { _id, worker, ...rest } of found) {
      const observation = { workerId: worker, ...rest };
      byWorker.set(worker, withReadings(byWorker.get(worker) ?? {}, [observation]));
    }
    return byWorker;
  }
}
