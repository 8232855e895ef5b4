import { plus } from '../../kernel/clocks';
import { type MetricName, type MetricSample } from './metric-sample';

/**
 * Steps of equal length, one after another. They lie at multiples of their length since 1970-01-01T00:00Z of fleet time:
 * the same in every process, whatever was asked for, and steps of whole hours are made of whole hours.
 */
export interface StepRange {
  /** when the first one begins */
  readonly from: Date;
  readonly stepMs: number;
  readonly count: number;
}

/** The steps that begin at `from` or later, and before `to`. The last one may end after `to`. */
export function stepsBetween(from: Date, to: Date, stepMs: number): StepRange {
  const first = Math.ceil(from.getTime() / stepMs);
  const end = Math.ceil(to.getTime() / stepMs);
  return { from: new Date(first * stepMs), stepMs, count: Math.max(0, end - first) };
}

/** When the last step ends. */
export function endOf({ from, stepMs, count }: StepRange): Date {
  return plus(from, count * stepMs);
}

/** All samples of one metric whose time is in one step; a step without any has none of these. */
export interface MetricStep {
  /** when the step begins */
  readonly at: Date;
  readonly average: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** Steps of each metric, oldest first. */
export type MetricSteps = ReadonlyMap<MetricName, readonly MetricStep[]>;

/** A step without a sample is a gap: all three are null. */
export type SeriesPoint = MetricStep | { readonly [key in keyof MetricStep]: key extends 'at' ? Date : null };

/** A point for each step of the range, with gaps where there is none. */
export function seriesOf(steps: readonly MetricStep[], { from, stepMs, count }: StepRange): SeriesPoint[] {
  const known = new Map(steps.map((step) => [step.at.getTime(), step]));
  return Array.from({ length: count }, (_, index) => {
    const at = plus(from, index * stepMs);
    return known.get(at.getTime()) ?? { at, average: null, minimum: null, maximum: null };
  });
}

/** Sums up samples, which are of one worker and oldest first, by steps. */
export function summedUp(samples: readonly MetricSample[], name: MetricName, range: StepRange): MetricStep[] {
  const values = new Map<number, number[]>();
  for (const sample of samples) {
    const value = sample.values[name];
    if (value === undefined || sample.at < range.from || sample.at >= endOf(range)) continue;
    const step = Math.floor(sample.at.getTime() / range.stepMs) * range.stepMs;
    const known = values.get(step);
    if (known) known.push(value);
    else values.set(step, [value]);
  }
  return [...values].map(([time, all]) => ({
    at: new Date(time),
    average: all.reduce((sum, value) => sum + value, 0) / all.length,
    minimum: Math.min(...all),
    maximum: Math.max(...all),
  }));
}
