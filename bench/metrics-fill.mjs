// What bench/metrics.mjs reads: 30 days of one worker as they are stored, among hours of 10,000 others.
import { built } from './built.mjs';

const { hourId } = built('telemetry/persistence/metric-samples.pipelines');
const { METRIC_NAMES, METRICS } = built('telemetry/domain/metric-sample');

const HOUR = 3_600_000;
const MINUTE = 60_000;
export const HOURS = 720;
export const OTHERS = 10_000;
const HOURS_OF_OTHERS = 24;
/** CML is read each minute, CloudWatch has a point each five */
const APART = { 'cml-system': MINUTE, 'cml-labs': MINUTE, cloudwatch: 5 * MINUTE };

const ofSource = (source) => METRIC_NAMES.filter((name) => METRICS[name].source === source);
/** as many digits as CML and CloudWatch have for most of them */
const someValue = (name) => {
  if (METRICS[name].unit === 'bytes-per-second') return Math.random() * 1e6;
  return METRICS[name].unit === 'percent'
    ? Math.round(Math.random() * 1_000) / 10
    : Math.floor(Math.random() * 20);
};

/** 30 days of samples before `end`, by the store itself. */
export async function fillWorker(store, workerId, end) {
  for (const [source, apart] of Object.entries(APART)) {
    for (let day = HOURS / 24; day > 0; day -= 1) {
      const from = end - day * 24 * HOUR;
      const samples = Array.from({ length: (24 * HOUR) / apart }, (_, index) => ({
        ...{ workerId, source, at: new Date(from + index * apart) },
        values: Object.fromEntries(ofSource(source).map((name) => [name, someValue(name)])),
      }));
      await store.save(samples);
    }
  }
}

/** The latest hours of the others, with summaries and without samples, for want of room. Answers how many. */
export async function fillOthers(collection, end) {
  const summary = Object.fromEntries(
    ofSource('cml-system').map((name) => [name, { min: 1.5, max: 99.5, sum: 3_000.5, count: 60 }]),
  );
  const hours = Array.from({ length: HOURS_OF_OTHERS }, (_, index) => new Date(end - (index + 1) * HOUR));
  const source = 'cml-system';
  for (let n = 0; n < OTHERS; n += 200) {
    const workers = Array.from({ length: 200 }, (_, index) => `other-${n + index}`);
    const documents = workers.flatMap((worker) =>
      hours.map((hour) => ({
        _id: hourId(worker, source, hour),
        worker,
        source,
        hour,
        samples: [],
        summary,
      })),
    );
    await collection.insertMany(documents, { ordered: false });
  }
  return OTHERS * HOURS_OF_OTHERS;
}

/** A sample of each worker at one time, as a sweep has it. */
export function sweepOf(workers, at) {
  const values = Object.fromEntries(ofSource('cml-system').map((name) => [name, someValue(name)]));
  return Array.from({ length: workers }, (_, n) => ({
    ...{ workerId: `swept-${n}`, source: 'cml-system', at: new Date(at), values },
  }));
}
