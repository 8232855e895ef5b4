import { HOUR, plus } from '../../kernel/clocks';
import {
  hourOf,
  METRIC_NAMES,
  type MetricName,
  METRICS,
  type MetricSample,
  type SampledSource,
} from '../domain/metric-sample';
import { endOf, type StepRange } from '../domain/metric-series';
import { type MetricHourDocument } from './metric-samples.schema';

/** Samples of one document, in the order in which they came. */
export type SamplesOfHour = readonly [MetricSample, ...MetricSample[]];

/** The document that a sample of the time belongs to. */
export function hourId(workerId: string, source: SampledSource, time: Date): string {
  // the first characters of an ISO time are the hour
  return `${workerId}|${source}|${time.toISOString().slice(0, 13)}`;
}

/**
 * An update that brings samples into their document. The summary is made anew from all samples, so
 * that it is right whatever came twice, late, or with another value.
 */
export function mergeSamples(samples: SamplesOfHour): object[] {
  const [{ workerId: worker, source, at }] = samples;
  const given = [...byTime(samples).values()];
  const present = { $ifNull: ['$samples', []] };
  const times = { $ifNull: ['$samples.at', []] };
  const sameTime = { $filter: { input: given, as: 'new', cond: { $eq: ['$$new.at', '$$old.at'] } } };
  const changed = {
    $map: {
      input: present,
      as: 'old',
      in: { $mergeObjects: ['$$old', { $arrayElemAt: [sameTime, 0] }] },
    },
  };
  const added = { $filter: { input: given, as: 'new', cond: { $not: [{ $in: ['$$new.at', times] }] } } };
  const allNew = { $eq: [{ $setIntersection: [given.map((sample) => sample.at), times] }, []] };
  const merged = {
    // nearly always they are all new, which takes half the time
    $cond: [allNew, { $concatArrays: [present, given] }, { $concatArrays: [changed, added] }],
  };
  return [
    { $set: { worker, source, hour: hourOf(at), samples: merged } },
    { $set: { summary: Object.fromEntries(metricsOf(source).map((name) => [name, summaryOf(name)])) } },
  ];
}

function byTime(samples: readonly MetricSample[]): Map<number, MetricHourDocument['samples'][number]> {
  const found = new Map<number, MetricHourDocument['samples'][number]>();
  for (const { at, values } of samples) {
    found.set(at.getTime(), { ...found.get(at.getTime()), at, ...values });
  }
  return found;
}

function metricsOf(source: SampledSource): MetricName[] {
  return METRIC_NAMES.filter((name) => METRICS[name].source === source);
}

/** `$samples.<name>` is the array of the values that are there. */
function summaryOf(name: MetricName): object {
  const values = `$samples.${name}`;
  return { min: { $min: values }, max: { $max: values }, sum: { $sum: values }, count: { $size: values } };
}

/** Of a step: when it begins, in milliseconds, and `<metric>Sum`, `<metric>Count`, `<metric>Min`, `<metric>Max`. */
export type SummedStep = { readonly _id: number } & Readonly<Record<string, number | null>>;

/**
 * Sums up the metrics of one source by steps, oldest first: from the summaries of hours where a step is made of whole
 * hours, else from the samples.
 */
export function sumUpSteps(
  workerId: string,
  source: SampledSource,
  names: readonly MetricName[],
  range: StepRange,
): object[] {
  const until = endOf(range);
  const [first, last] = [hourOf(range.from), hourOf(plus(until, -1))];
  const hours = (last.getTime() - first.getTime()) / HOUR + 1;
  const ofWholeHours = range.stepMs % HOUR === 0;
  const inRange = { _id: { $gte: hourId(workerId, source, first), $lte: hourId(workerId, source, last) } };
  return [
    { $match: inRange },
    { $project: ofWholeHours ? { hour: 1, summary: 1 } : { samples: 1 } },
    // never more; but DocumentDB reads each stored document once for all that follows, and not again for each sum
    { $limit: hours },
    ...(ofWholeHours ? groupHours(names, range) : groupSamples(names, range)),
    { $sort: { _id: 1 } },
  ];
}

function groupHours(names: readonly MetricName[], { stepMs }: StepRange): object[] {
  const sums = names.flatMap((name): [string, object][] => [
    [`${name}Sum`, { $sum: `$summary.${name}.sum` }],
    [`${name}Count`, { $sum: `$summary.${name}.count` }],
    [`${name}Min`, { $min: `$summary.${name}.min` }],
    [`${name}Max`, { $max: `$summary.${name}.max` }],
  ]);
  return [{ $group: { _id: stepOf('$hour', stepMs), ...fields(sums) } }];
}

function groupSamples(names: readonly MetricName[], range: StepRange): object[] {
  const sums = names.flatMap((name): [string, object][] => {
    const value = `$samples.${name}`;
    return [
      [`${name}Sum`, { $sum: value }],
      [`${name}Count`, { $sum: { $cond: [{ $isNumber: value }, 1, 0] } }],
      [`${name}Min`, { $min: value }],
      [`${name}Max`, { $max: value }],
    ];
  });
  return [
    { $unwind: '$samples' },
    { $match: { 'samples.at': { $gte: range.from, $lt: endOf(range) } } },
    { $group: { _id: stepOf('$samples.at', range.stepMs), ...fields(sums) } },
  ];
}

function fields(sums: readonly [string, object][]): Record<string, object> {
  return Object.fromEntries(sums);
}

function stepOf(time: string, stepMs: number): object {
  const ms = { $toLong: time };
  return { $subtract: [ms, { $mod: [ms, stepMs] }] };
}
