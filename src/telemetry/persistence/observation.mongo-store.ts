import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Model } from 'mongoose';
import { answered } from '../../event-store';
import {
  type Observation,
  type Observations,
  type Source,
  SOURCES,
  withReadings,
} from '../domain/observation';
import { type Confirmation, ObservationStore } from '../domain/ports';
import { changeAlike, grouped } from './change-alike';
import { OBSERVATION_MODEL, type ObservationDocument } from './observation.schema';
import { putUnlessNewer } from './put-unless-newer';

/** Ids in one query: a list without end would be one document of the wire without end. */
const IDS_AT_ONCE = 5_000;

/** What documents of earlier versions do not have. */
const OF_EARLIER_VERSIONS = { sweepId: null };

/** The collection `worker_observations`: one document per worker and source, found by its `_id` alone. */
@Injectable()
export class MongoObservationStore extends ObservationStore {
  constructor(@InjectModel(OBSERVATION_MODEL) private readonly model: Model<ObservationDocument>) {
    super();
  }

  save(observations: readonly Observation[]): Promise<void> {
    const documents = observations.map(({ workerId, ...rest }) => ({
      _id: idOf(workerId, rest.source),
      worker: workerId,
      ...rest,
    }));
    return putUnlessNewer(this.model, 'observedAt', documents);
  }

  async confirm(again: readonly Confirmation[]): Promise<void> {
    const alike = grouped(again, ({ before, after }) =>
      [before.observedAt?.getTime(), after.observedAt?.getTime(), after.sweepId].join('|'),
    );
    const others: Observation[] = [];
    for (const group of alike) {
      const [first] = group;
      const expected = first?.before.observedAt;
      const ids = group.map(({ after }) => idOf(after.workerId, after.source));
      const update = first && confirmation(first.after);
      const done =
        expected && update && (await changeAlike(this.model, 'observedAt', ids, { expected, update }));
      if (!done) others.push(...group.map(({ after }) => after));
    }
    await this.save(others);
  }

  async of(workerId: string): Promise<Observations> {
    return (await this.ofMany([workerId])).get(workerId) ?? {};
  }

  async ofMany(
    workerIds: readonly string[],
    sources: readonly Source[] = SOURCES,
  ): Promise<ReadonlyMap<string, Observations>> {
    const byWorker = new Map<string, Observations>(workerIds.map((id) => [id, {}]));
    const ids = workerIds.flatMap((id) => sources.map((source) => idOf(id, source)));
    for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
      const filter = { _id: { $in: ids.slice(from, from + IDS_AT_ONCE) } };
      const found = await answered(async () => this.model.find(filter).lean<ObservationDocument[]>());
      for (const { _id, worker, ...rest } of found) {
        const observation = { workerId: worker, ...OF_EARLIER_VERSIONS, ...rest };
        byWorker.set(worker, withReadings(byWorker.get(worker) ?? {}, [observation]));
      }
    }
    return byWorker;
  }
}

function idOf(workerId: string, source: Source): string {
  return `${workerId}|${source}`;
}

function confirmation({ observedAt, sweepId }: Observation) {
  return { $set: { observedAt, sweepId, lastError: null, failedReads: 0 }, $inc: { goodReads: 1 } };
}
