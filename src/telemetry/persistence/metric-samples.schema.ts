import { Schema } from 'mongoose';
import { HOUR, SECOND } from '../../kernel/clocks';
import { readModelOptions } from '../../event-store';
import { type MetricValues, SAMPLES_KEPT_MS, type SampledSource } from '../domain/metric-sample';

export const METRIC_HOUR_MODEL = 'WorkerMetricHour';

/** What one source said about one worker within an hour. */
export interface MetricHourDocument {
  /** `<worker>|<source>|<hour>`, the hour as `2026-03-02T09`, so that those of a range lie side by side */
  readonly _id: string;
  readonly worker: string;
  readonly source: SampledSource;
  /** when it begins, in UTC */
  readonly hour: Date;
  /** each time once, in the order in which they were stored */
  readonly samples: readonly ({ readonly at: Date } & MetricValues)[];
  /** of all samples, for each metric of the source; one that has none has the count 0 */
  readonly summary: Readonly<Record<string, MetricSummary>>;
}

export interface MetricSummary {
  readonly min: number | null;
  readonly max: number | null;
  readonly sum: number;
  readonly count: number;
}

export const metricHourSchema = new Schema<MetricHourDocument>(
  {
    _id: { type: String, required: true },
    worker: { type: String, required: true },
    source: { type: String, required: true },
    hour: { type: Date, required: true },
    // each source has metrics of its own
    samples: { type: [Schema.Types.Mixed], required: true },
    summary: { type: Schema.Types.Mixed, required: true },
  },
  readModelOptions('worker_metrics'),
);

/** An hour goes when the last sample that it can have is too old. */
metricHourSchema.index(
  { hour: 1 },
  { name: 'expiry', expireAfterSeconds: (SAMPLES_KEPT_MS + HOUR) / SECOND },
);
