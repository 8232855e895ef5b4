import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { type SignalInterval } from '../domain/signal';
import { metricSamplesContract } from './metric-samples.contract';
import { MongoMetricSamples } from './metric-samples.mongo-store';
import { METRIC_HOUR_MODEL, type MetricHourDocument, metricHourSchema } from './metric-samples.schema';
import { observationStoreContract } from './observation-store.contract';
import { MongoObservationStore } from './observation.mongo-store';
import { OBSERVATION_MODEL, type ObservationDocument, observationSchema } from './observation.schema';
import { regionSweepStoreContract } from './region-sweep-store.contract';
import { MongoRegionSweepStore } from './region-sweep.mongo-store';
import { REGION_SWEEP_MODEL, type RegionSweepDocument, regionSweepSchema } from './region-sweep.schema';
import { signalHistoryContract } from './signal-history.contract';
import { MongoSignalHistory } from './signal-history.mongo-store';
import {
  SIGNAL_HISTORY_MODEL,
  type SignalIntervalDocument,
  signalHistorySchema,
} from './signal-history.schema';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const { connection } = database;
  connection.model<ObservationDocument>(OBSERVATION_MODEL, observationSchema);
  connection.model<RegionSweepDocument>(REGION_SWEEP_MODEL, regionSweepSchema);
  await connection.model<MetricHourDocument>(METRIC_HOUR_MODEL, metricHourSchema).createIndexes();
  await connection.model<SignalIntervalDocument>(SIGNAL_HISTORY_MODEL, signalHistorySchema).createIndexes();
});
afterAll(() => database.drop());

async function empty<D>(name: string) {
  const model = database.connection.model<D>(name);
  await model.deleteMany({});
  return model;
}

observationStoreContract('Mongo', async () => {
  return new MongoObservationStore(await empty<ObservationDocument>(OBSERVATION_MODEL));
});

signalHistoryContract('Mongo', async () => {
  return new MongoSignalHistory(await empty<SignalIntervalDocument>(SIGNAL_HISTORY_MODEL));
});

regionSweepStoreContract('Mongo', async () => {
  return new MongoRegionSweepStore(await empty<RegionSweepDocument>(REGION_SWEEP_MODEL));
});

metricSamplesContract('Mongo', async () => {
  return new MongoMetricSamples(await empty<MetricHourDocument>(METRIC_HOUR_MODEL));
});

it('keeps the samples of a worker, source and hour in one document, with their summary', async () => {
  const model = await empty<MetricHourDocument>(METRIC_HOUR_MODEL);
  const samples = new MongoMetricSamples(model);
  const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 9, minute));
  const sample = { workerId: 'w1', source: 'cml-labs' } as const;
  await samples.save([{ ...sample, at: at(5), values: { runningLabs: 1 } }]);
  await samples.save([{ ...sample, at: at(4), values: { runningLabs: 3, totalLabs: 4 } }]);
  expect(await model.find().lean()).toEqual([
    {
      _id: 'w1|cml-labs|2026-03-02T09',
      ...{ worker: 'w1', source: 'cml-labs', hour: at(0) },
      samples: [
        { at: at(5), runningLabs: 1 },
        { at: at(4), runningLabs: 3, totalLabs: 4 },
      ],
      summary: {
        runningLabs: { min: 1, max: 3, sum: 4, count: 2 },
        totalLabs: { min: 4, max: 4, sum: 4, count: 1 },
      },
    },
  ]);
});

it('forgets an hour of samples 30 days after its end, and has no other index to keep up', async () => {
  const indexes = await database.connection.model(METRIC_HOUR_MODEL).collection.indexes();
  expect(indexes.map(({ key, expireAfterSeconds }) => [key, expireAfterSeconds])).toEqual([
    [{ _id: 1 }, undefined],
    [{ hour: 1 }, 2_595_600],
  ]);
});

it('leaves the key of a signal to the interval that it is in alone', async () => {
  const model = await empty<SignalIntervalDocument>(SIGNAL_HISTORY_MODEL);
  const history = new MongoSignalHistory(model);
  const begun = (minute: number, worker: string): SignalInterval => {
    const at = new Date(Date.UTC(2026, 2, 2, 9, minute));
    const interval = {
      signal: 'labs',
      value: 'idle',
      from: at,
      to: at,
      readings: 1,
      longestGapMs: 0,
    } as const;
    return { workerId: worker, ...interval };
  };
  await history.save([begun(0, 'w1'), begun(0, 'w2')]);
  await history.save([begun(1, 'w1'), begun(2, 'w2')]);
  await history.save([begun(3, 'w1')]);
  const found = await model
    .find({ current: { $ne: null } })
    .sort({ _id: 1 })
    .lean<SignalIntervalDocument[]>();
  expect(found.map(({ worker, from }) => [worker, from.getUTCMinutes()])).toEqual([
    ['w1', 3],
    ['w2', 2],
  ]);
});

it('forgets signal history 90 days after an interval ended, and finds it by worker', async () => {
  const indexes = await database.connection.model(SIGNAL_HISTORY_MODEL).collection.indexes();
  expect(indexes.map(({ key, expireAfterSeconds }) => [key, expireAfterSeconds])).toEqual([
    [{ _id: 1 }, undefined],
    [{ worker: 1, signal: 1, from: 1 }, undefined],
    [{ current: 1 }, undefined],
    [{ to: 1 }, 7_776_000],
  ]);
});
