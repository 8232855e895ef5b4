import { HOUR, plus } from '../../kernel/clocks';
import { type CloudWatchValues, type MetricPoint, type Observation, withReadings } from './observation';

/** Sources whose readings are kept as samples. */
export type SampledSource = 'cml-system' | 'cml-labs' | 'cloudwatch';

/** `percent` 0–100; `ratio` 0–1; `bytes-per-second`; `count` */
export type MetricUnit = 'percent' | 'ratio' | 'bytes-per-second' | 'count';

interface Metric {
  readonly source: SampledSource;
  readonly unit: MetricUnit;
}

/** All metrics that are kept, under the names that observations show them by. */
export const METRICS = {
  /** of the whole host, as CML says */
  cpuPercent: { source: 'cml-system', unit: 'percent' },
  memoryPercent: { source: 'cml-system', unit: 'percent' },
  diskPercent: { source: 'cml-system', unit: 'percent' },
  runningNodes: { source: 'cml-system', unit: 'count' },
  /** of all users */
  runningLabs: { source: 'cml-labs', unit: 'count' },
  totalLabs: { source: 'cml-labs', unit: 'count' },
  /** of the whole host, as CloudWatch says */
  cpuUtilization: { source: 'cloudwatch', unit: 'percent' },
  memoryUtilization: { source: 'cloudwatch', unit: 'percent' },
  networkInBytesPerSecond: { source: 'cloudwatch', unit: 'bytes-per-second' },
  networkOutBytesPerSecond: { source: 'cloudwatch', unit: 'bytes-per-second' },
  /** 1 where one of EC2's checks failed, else 0: an average is the share of time */
  statusCheckFailed: { source: 'cloudwatch', unit: 'ratio' },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;

export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

/** Fleet milliseconds that samples are kept. */
export const SAMPLES_KEPT_MS = 30 * 24 * HOUR;

export type MetricValues = Readonly<Partial<Record<MetricName, number>>>;

/** What one source said about one worker at one time. What it did not say is left out. */
export interface MetricSample {
  readonly workerId: string;
  readonly source: SampledSource;
  /** fleet time: when the reading was begun, or when the point's period begins */
  readonly at: Date;
  readonly values: MetricValues;
}

/** The beginning of the hour, in UTC, that the time is in. */
export function hourOf(time: Date): Date {
  return new Date(time.getTime() - (time.getTime() % HOUR));
}

/**
 * The samples that a reading gives. One that failed gives none, though it holds the values of an earlier one; and what
 * was not said (null) gives none: unknown is a gap, never 0.
 */
export function samplesOf(reading: Observation): MetricSample[] {
  const { workerId, observedAt, lastError } = reading;
  if (lastError || !observedAt) return [];
  const read = withReadings({}, [reading]);
  const system = read['cml-system']?.values;
  const labs = read['cml-labs']?.values;
  const points = read.cloudwatch?.values;
  if (system) {
    const { cpuPercent, memoryPercent, diskPercent, runningNodes } = system;
    const values = { cpuPercent, memoryPercent, diskPercent, runningNodes };
    return sampleOf(workerId, 'cml-system', observedAt, values);
  }
  if (labs) {
    return sampleOf(workerId, 'cml-labs', observedAt, { runningLabs: labs.running, totalLabs: labs.total });
  }
  return points ? samplesOfPoints(workerId, points, plus(observedAt, -SAMPLES_KEPT_MS)) : [];
}

/**
 * Points have times of their own, which those of one period share. One that was not answered this time is the point of
 * an earlier reading: it comes again, and is the same sample. What is too old to be kept is not stored anew.
 */
function samplesOfPoints(workerId: string, points: CloudWatchValues, since: Date): MetricSample[] {
  const byTime = new Map<number, Partial<Record<MetricName, number>>>();
  for (const name of Object.keys(points) as (keyof CloudWatchValues)[]) {
    // what an earlier version stored was a bare number, without a time
    const point: Partial<MetricPoint> | null = points[name];
    if (point?.at === undefined || point.value === undefined || point.at < since) continue;
    const time = point.at.getTime();
    byTime.set(time, { ...byTime.get(time), [name]: point.value });
  }
  return [...byTime].flatMap(([time, values]) => sampleOf(workerId, 'cloudwatch', new Date(time), values));
}

function sampleOf(
  workerId: string,
  source: SampledSource,
  at: Date,
  said: Readonly<Partial<Record<MetricName, number | null>>>,
): MetricSample[] {
  const known = Object.entries(said).filter(([, value]) => Number.isFinite(value));
  return known.length > 0 ? [{ workerId, source, at, values: Object.fromEntries(known) }] : [];
}
