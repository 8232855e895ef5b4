import { z } from 'zod';
import { givenTime } from '../../http';
import { HOUR, MINUTE, plus, SECOND } from '../../kernel/clocks';
import { InvalidInput } from '../../kernel/domain-error';
import { METRIC_NAMES, SAMPLES_KEPT_MS } from '../domain/metric-sample';
import { type StepRange, stepsBetween } from '../domain/metric-series';

const DAY = 24 * HOUR;
const DEFAULT_RANGE_MS = DAY;
const LONGEST_RANGE_MS = SAMPLES_KEPT_MS;
const MOST_POINTS = 1_500;
const DEFAULT_POINTS = 300;

/** Steps to choose from where none is asked for: parts of a day, none shorter than readings are apart. */
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 4, 6, 12, 24].map((hours) => hours * HOUR),
];

const KNOWN = METRIC_NAMES.join(', ');

export const metricsQuery = z.strictObject({
  from: givenTime.optional().describe('Points from here on; 24 hours before `to` where left out'),
  to: givenTime.optional().describe('Points before this time; now where left out'),
  stepSeconds: z.coerce
    .number('not a number')
    .int('not a whole number')
    .min(1, 'less than 1: give at least 1')
    .optional()
    .describe(`Length of a step; where left out, the one with at most ${DEFAULT_POINTS} points`),
  names: z
    .string()
    .transform((text) => [...new Set(text.split(','))])
    .pipe(z.array(z.enum(METRIC_NAMES, { error: `not a metric: the metrics are ${KNOWN}` })))
    .optional()
    .describe(`These only, with commas; all where left out: ${KNOWN}`),
});

export type MetricsQuery = z.output<typeof metricsQuery>;

/**
 * The steps that a query asks for.
 * @param now fleet time
 * @throws InvalidInput where the range is empty or too long, or the step does not fit to it
 */
export function stepsAskedFor(query: MetricsQuery, now: Date): StepRange {
  const { from, to = now, stepSeconds } = query;
  const begin = from ?? plus(to, -DEFAULT_RANGE_MS);
  const length = to.getTime() - begin.getTime();
  if (length < SECOND) {
    refuse('from', `less than a second before \`to\` (${to.toISOString()}): give an earlier time`);
  }
  if (length > LONGEST_RANGE_MS) {
    const earliest = plus(to, -LONGEST_RANGE_MS).toISOString();
    refuse(
      'from',
      `more than 30 days before \`to\`, and samples are kept for 30 days: give ${earliest} or later`,
    );
  }
  const step = stepSeconds === undefined ? defaultStep(length) : stepSeconds * SECOND;
  if (step > length) {
    refuse('stepSeconds', `longer than the whole range: give at most ${Math.floor(length / SECOND)}`);
  }
  if (length / step > MOST_POINTS) {
    const least = Math.ceil(length / MOST_POINTS / SECOND);
    refuse(
      'stepSeconds',
      `too many points, ${MOST_POINTS} are the most: give at least ${least}, or a shorter range`,
    );
  }
  return stepsBetween(begin, to, step);
}

/** The shortest that gives no more points than are pleasant to look at, but not longer than the range. */
function defaultStep(length: number): number {
  const step = STEPS.find((one) => length / one <= DEFAULT_POINTS) ?? DAY;
  return Math.min(step, Math.floor(length / SECOND) * SECOND);
}

function refuse(field: string, message: string): never {
  throw new InvalidInput([{ pointer: `/query/${field}`, message }]);
}
