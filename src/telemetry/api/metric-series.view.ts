import { z } from 'zod';
import { answeredTime } from '../../http';
import { SECOND } from '../../kernel/clocks';
import { type MetricSeries } from '../application/get-metrics.query';
import { METRIC_NAMES, METRICS } from '../domain/metric-sample';
import { endOf, type StepRange } from '../domain/metric-series';

const value = z.number().nullable();

const point = z
  .tuple([z.iso.datetime(), value])
  .describe('When the step begins, and the average of its samples; null: no sample');

const series = z
  .object({
    name: z.enum(METRIC_NAMES),
    unit: z
      .enum(['percent', 'ratio', 'bytes-per-second', 'count'])
      .describe('percent is 0–100; ratio is 0–1'),
    source: z.enum(['cml-system', 'cml-labs', 'cloudwatch']).describe('Where it is read'),
    points: z.array(point),
    minima: z.array(value).describe('The smallest sample of each step, in the order of `points`'),
    maxima: z.array(value).describe('The largest one'),
  })
  .meta({ id: 'MetricSeries' });

export const metricsView = z
  .object({
    workerId: z.uuid(),
    from: answeredTime.describe('When the first step begins'),
    to: answeredTime.describe('When the last step ends, which may be after the time that was asked for'),
    stepSeconds: z.number().int(),
    series: z.array(series),
  })
  .meta({
    id: 'WorkerMetrics',
    description:
      'Steps lie at multiples of their length since 1970-01-01T00:00Z, and are whole: a step has the same values whatever range it is asked in',
  });

export type MetricsView = z.input<typeof metricsView>;

export function toMetricsView(
  workerId: string,
  range: StepRange,
  found: readonly MetricSeries[],
): MetricsView {
  return {
    workerId,
    from: range.from,
    to: endOf(range),
    stepSeconds: range.stepMs / SECOND,
    series: found.map(({ name, points }) => ({
      ...{ name, unit: METRICS[name].unit, source: METRICS[name].source },
      points: points.map(({ at, average }) => [at.toISOString(), average]),
      minima: points.map(({ minimum }) => minimum),
      maxima: points.map(({ maximum }) => maximum),
    })),
  };
}

export const METRICS_EXAMPLE = {
  workerId: '8c1c0f0e-6f1a-4f0e-9d52-0a6d1d0c7b11',
  from: '2027-01-15T08:00:00.000Z',
  to: '2027-01-15T08:15:00.000Z',
  stepSeconds: 300,
  series: [
    {
      ...{ name: 'cpuPercent', unit: 'percent', source: 'cml-system' },
      points: [
        ['2027-01-15T08:00:00.000Z', 12.5],
        ['2027-01-15T08:05:00.000Z', null],
        ['2027-01-15T08:10:00.000Z', 61],
      ],
      minima: [10, null, 48.5],
      maxima: [15, null, 72],
    },
  ],
};
