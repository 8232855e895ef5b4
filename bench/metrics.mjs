// GET /workers/{id}/metrics against the same aggregation by the raw driver, and against finding the documents of the hours
// and averaging them here: the store's query, and the whole route. And what samples take: a sweep that stores them, and the room of a worker's day.
import { Client } from 'undici';
import { startApplication } from './application.mjs';
import { built, require } from './built.mjs';
import { interleaved, pace } from './measure.mjs';
import { fillOthers, fillWorker, HOURS, OTHERS, sweepOf } from './metrics-fill.mjs';

const { BSON } = require('mongoose').mongo;
const { storeCollection } = built('event-store/mongo/collections');
const { METRIC_NAMES, METRICS } = built('telemetry/domain/metric-sample');
const { stepsBetween } = built('telemetry/domain/metric-series');
const { MetricSamples } = built('telemetry/domain/ports');
const { hourId, sumUpSteps } = built('telemetry/persistence/metric-samples.pipelines');

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SWEPT = 1_000;
/** what, the range, the step, and how many times it is read */
const CASES = [
  ['30 days by 3 hours, from summaries', 30 * DAY, 3 * HOUR, { warmUp: 3, rounds: 15, each: 3 }],
  ['24 hours by 5 minutes, from samples', DAY, HOUR / 12, { warmUp: 3, rounds: 15, each: 3 }],
  ['30 days by 30 minutes, from samples', 30 * DAY, HOUR / 2, { warmUp: 1, rounds: 5, each: 1 }],
];

/** Gets JSON over one connection that is kept. */
function getter({ url, key }) {
  const client = new Client(url);
  const get = async (path, request = {}) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await client.request({ path, method: 'GET', headers, ...request });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode} ${text}`);
    return JSON.parse(text);
  };
  return { get, close: () => client.close() };
}

/** What the store asks the database for, side by side as it does. */
function byDriver(collection, workerId, range) {
  const sources = [...new Set(METRIC_NAMES.map((name) => METRICS[name].source))];
  return Promise.all(
    sources.map((source) => {
      const names = METRIC_NAMES.filter((name) => METRICS[name].source === source);
      return collection.aggregate(sumUpSteps(workerId, source, names, range)).toArray();
    }),
  );
}

/** The averages of all steps, of the samples in the documents of the hours, by nothing but a find. */
async function byFind(collection, workerId, { from, stepMs }, until) {
  const steps = new Map(METRIC_NAMES.map((name) => [name, new Map()]));
  await Promise.all(
    [...new Set(METRIC_NAMES.map((name) => METRICS[name].source))].map(async (source) => {
      const names = METRIC_NAMES.filter((name) => METRICS[name].source === source);
      const [first, last] = [from, new Date(until - 1)].map((time) => hourId(workerId, source, time));
      const hours = await collection.find({ _id: { $gte: first, $lte: last } }).toArray();
      for (const sample of hours.flatMap(({ samples }) => samples)) {
        if (sample.at < from || sample.at >= until) continue;
        const step = Math.floor((sample.at - from) / stepMs);
        for (const name of names) {
          if (sample[name] === undefined) continue;
          const { sum, count } = steps.get(name).get(step) ?? { sum: 0, count: 0 };
          steps.get(name).set(step, { sum: sum + sample[name], count: count + 1 });
        }
      }
    }),
  );
  return [...steps].map(([, of]) => [...of.values()].map(({ sum, count }) => sum / count));
}

async function printQueries({ workerId, end }, store, collection, { get }) {
  console.log(
    '\nmetrics of one worker                                        ms   x raw aggregation   x plain find',
  );
  for (const [name, length, step, { each, ...rounds }] of CASES) {
    const range = stepsBetween(new Date(end - length), new Date(end), step);
    const [from, to] = [new Date(end - length).toISOString(), new Date(end).toISOString()];
    const path = `/api/v1/workers/${workerId}/metrics?from=${from}&to=${to}&stepSeconds=${step / 1_000}`;
    const { series } = await get(path);
    const gaps = series.flatMap(({ points }) => points).filter(([, value]) => value === null);
    if (series[0].points.length !== length / step || gaps.length > 0) throw new Error(`${path} has gaps`);
    const rows = [
      ['store', () => store.steps(workerId, METRIC_NAMES, range)],
      ['HTTP', () => get(path)],
    ];
    for (const [what, read] of rows) {
      const against = (other) =>
        interleaved(
          rounds,
          () => pace(1, each, read),
          () => pace(1, each, other),
        );
      const { ours, ratio } = await against(() => byDriver(collection, workerId, range));
      const found = await against(() => byFind(collection, workerId, range, end));
      const ms = (1_000 / ours.perSecond).toFixed(1);
      const [times, finds] = [ratio, found.ratio].map((of) => (1 / of).toFixed(2));
      console.log(
        `${`${name}: ${what}`.padEnd(54)} ${ms.padStart(8)}   ${times.padStart(17)}   ${finds.padStart(12)}`,
      );
    }
  }
}

/** Of the hours of one worker: bytes a day as documents, and as the database has them on its disk. */
async function printRoom(collection, workerId) {
  const documents = await collection.find({ worker: workerId }).toArray();
  const bytes = documents.reduce((sum, document) => sum + BSON.calculateObjectSize(document), 0);
  const [{ storageStats }] = await collection.aggregate([{ $collStats: { storageStats: {} } }]).toArray();
  const perDay = (all) => `${Math.round(all / (HOURS / 24) / 1_000)} kB`;
  console.log(
    `one worker and day: ${perDay(bytes)} of documents, ${perDay(storageStats.storageSize)} stored`,
  );
}

/** An hour of sweeps, the median and the last of them. */
async function printSweeps(store, end) {
  const times = [];
  for (let minute = 0; minute < 60; minute += 1) {
    const samples = sweepOf(SWEPT, end + minute * 60_000);
    const start = performance.now();
    await store.save(samples);
    times.push(performance.now() - start);
  }
  const [middle, last] = [times.toSorted((one, other) => one - other)[30], times.at(-1)];
  console.log(
    `samples of ${SWEPT} workers from one source: ${middle.toFixed(0)} ms, ${last.toFixed(0)} at the end of an hour`,
  );
}

export async function benchMetrics() {
  const application = await startApplication('metrics');
  const api = getter(application);
  try {
    const order = {
      name: 'bench',
      awsRegion: application.region,
      instanceType: 'c5.2xlarge',
      amiName: 'cml-2.9*',
    };
    const { id: workerId } = await api.get('/api/v1/workers', {
      method: 'POST',
      body: JSON.stringify(order),
    });
    // nothing before it is old enough for the database to forget it meanwhile
    const end = Math.ceil(Date.now() / (3 * HOUR)) * 3 * HOUR;
    const store = application.app.get(MetricSamples, { strict: false });
    const collection = storeCollection(application.connection, 'worker_metrics');
    const start = performance.now();
    await fillWorker(store, workerId, end);
    await printRoom(collection, workerId);
    const count = await fillOthers(collection, end);
    const seconds = ((performance.now() - start) / 1_000).toFixed(0);
    console.log(
      `filled in ${seconds} s: ${HOURS} hours of one worker, ${count} documents of ${OTHERS} others`,
    );
    await printQueries({ workerId, end }, store, collection, api);
    await printSweeps(store, end);
  } finally {
    await api.close();
    await application.close();
  }
}
