import fc from 'fast-check';
import { HOUR, MINUTE, plus, SECOND } from '../../kernel/clocks';
import { type MetricName, METRICS, type MetricSample, type MetricValues } from '../domain/metric-sample';
import { endOf, type MetricStep, type StepRange, stepsBetween } from '../domain/metric-series';
import { type MetricSamples } from '../domain/ports';

const NOON = new Date('2026-03-02T12:00:00.000Z');
const minute = (minutes: number) => plus(NOON, minutes * MINUTE);

const system = (at: Date, values: MetricValues, workerId = 'w1'): MetricSample => {
  return { workerId, source: 'cml-system', at, values };
};
const cpu = (minutes: number, cpuPercent: number) => system(minute(minutes), { cpuPercent });
const points = (minutes: number, values: MetricValues): MetricSample => {
  return { workerId: 'w1', source: 'cloudwatch', at: minute(minutes), values };
};

/** What every MetricSamples does; `open` answers an empty one. */
export function metricSamplesContract(kind: string, open: () => Promise<MetricSamples>): void {
  describe(`${kind} metric samples`, () => {
    let store: MetricSamples;
    beforeEach(async () => {
      store = await open();
    });

    /** `[minutes since noon, average, minimum, maximum]` of each step, read by steps of so many seconds */
    const stepsOf = async (name: MetricName, range: StepRange, workerId = 'w1') => {
      const steps = (await store.steps(workerId, [name], range)).get(name) ?? [];
      return steps.map(({ at, average, minimum, maximum }) => {
        return [(at.getTime() - NOON.getTime()) / MINUTE, average, minimum, maximum];
      });
    };
    const hours = stepsBetween(NOON, minute(240), HOUR);
    const tens = stepsBetween(NOON, minute(240), 10 * MINUTE);

    it('sums up by steps of hours and of minutes, leaving out those without a sample', async () => {
      await store.save([cpu(0, 10), cpu(9, 30), cpu(10, 50), cpu(59, 70), cpu(120, 90)]);
      expect(await stepsOf('cpuPercent', hours)).toEqual([
        [0, 40, 10, 70],
        [120, 90, 90, 90],
      ]);
      expect(await stepsOf('cpuPercent', tens)).toEqual([
        [0, 20, 10, 30],
        [10, 50, 50, 50],
        [50, 70, 70, 70],
        [120, 90, 90, 90],
      ]);
    });

    it('takes what was not said for a gap, not for zero', async () => {
      await store.save([system(NOON, { cpuPercent: 10, memoryPercent: 0 }), cpu(1, 20), cpu(70, 5)]);
      for (const range of [hours, tens]) {
        expect(await stepsOf('memoryPercent', range)).toEqual([[0, 0, 0, 0]]);
        expect(await stepsOf('diskPercent', range)).toEqual([]);
      }
    });

    it('keeps workers and sources apart, and answers several metrics at once', async () => {
      const labs: MetricSample = {
        ...{ workerId: 'w1', source: 'cml-labs', at: NOON },
        values: { runningLabs: 2, totalLabs: 5 },
      };
      await store.save([cpu(0, 10), labs, system(NOON, { cpuPercent: 99 }, 'w2')]);
      const found = await store.steps('w1', ['cpuPercent', 'totalLabs', 'cpuUtilization'], hours);
      const averages = [...found].map(([name, steps]) => [name, steps.map(({ average }) => average)]);
      expect(Object.fromEntries(averages)).toEqual({ cpuPercent: [10], totalLabs: [5], cpuUtilization: [] });
      expect(await stepsOf('cpuPercent', hours, 'w2')).toEqual([[0, 99, 99, 99]]);
      expect(await stepsOf('cpuPercent', hours, 'w3')).toEqual([]);
      await store.save([]);
    });

    it('counts once what is stored again, together or later', async () => {
      await store.save([cpu(0, 10), cpu(0, 10), cpu(1, 40)]);
      await store.save([cpu(1, 40), cpu(2, 70)]);
      await store.save([cpu(0, 10)]);
      for (const range of [hours, tens]) {
        expect(await stepsOf('cpuPercent', range)).toEqual([[0, 40, 10, 70]]);
      }
    });

    it('takes the metrics of one time in parts, and of one metric the value that came last', async () => {
      await store.save([points(0, { cpuUtilization: 10 }), points(5, { cpuUtilization: 40 })]);
      await store.save([points(0, { networkInBytesPerSecond: 500 })]);
      await store.save([points(5, { cpuUtilization: 30, networkInBytesPerSecond: 700 })]);
      for (const range of [hours, tens]) {
        expect(await stepsOf('cpuUtilization', range)).toEqual([[0, 20, 10, 30]]);
        expect(await stepsOf('networkInBytesPerSecond', range)).toEqual([[0, 600, 500, 700]]);
      }
    });

    it('takes late samples into an old hour', async () => {
      await store.save([cpu(130, 5), cpu(1, 10)]);
      await store.save([cpu(59, 30), cpu(0, 20)]);
      expect(await stepsOf('cpuPercent', hours)).toEqual([
        [0, 20, 10, 30],
        [120, 5, 5, 5],
      ]);
    });

    it('answers the steps of the range only: whole ones, from their first millisecond to before their end', async () => {
      await store.save([cpu(0, 1), cpu(10, 2), system(plus(minute(20), -1), { cpuPercent: 4 }), cpu(20, 8)]);
      const range = stepsBetween(minute(1), minute(11), 10 * MINUTE);
      expect(await stepsOf('cpuPercent', range)).toEqual([[10, 3, 2, 4]]);
      expect(await stepsOf('cpuPercent', stepsBetween(minute(1), minute(60), HOUR))).toEqual([]);
      const odd = stepsBetween(NOON, minute(180), 90 * MINUTE);
      expect(await stepsOf('cpuPercent', odd)).toEqual([[0, 3.75, 1, 8]]);
    });

    it('loses nothing and doubles nothing where several store the same hours at the same moment', async () => {
      const workers = Array.from({ length: 40 }, (_, index) => `raced-${index}`);
      const samples = workers.flatMap((id) =>
        [1, 2, 3, 3].map((value) => system(minute(value), { cpuPercent: value }, id)),
      );
      await Promise.all(samples.map((sample) => store.save([sample])));
      for (const id of workers) expect(await stepsOf('cpuPercent', hours, id)).toEqual([[0, 2, 1, 3]]);
    });

    it('sums up as by hand, whatever comes in whatever order', async () => {
      let run = 0;
      const names: MetricName[] = ['cpuPercent', 'runningNodes', 'cpuUtilization'];
      // eighths: their sums are exact in whatever order
      const value = fc.option(
        fc.integer({ min: 0, max: 800 }).map((eighths) => eighths / 8),
        { nil: undefined },
      );
      const reading = fc.record({
        // now and then the same time again
        second: fc.oneof(
          fc.integer({ min: 0, max: 8 * 360 }).map((tens) => tens * 10),
          fc.integer({ min: 0, max: 16 }).map((halves) => halves * 1_800),
        ),
        values: fc.record({ cpuPercent: value, runningNodes: value, cpuUtilization: value }),
      });
      const batches = fc.array(fc.array(reading, { maxLength: 12 }), { minLength: 1, maxLength: 4 });
      const stepSeconds = fc.constantFrom(10, 60, 300, 1_000, 3_600, 5_400, 7_200, 10_800);
      const bounds = fc.tuple(fc.integer({ min: 0, max: 28_800 }), fc.integer({ min: 1, max: 28_800 }));
      await fc.assert(
        fc.asyncProperty(batches, stepSeconds, bounds, async (given, seconds, [from, length]) => {
          const workerId = `random-${run++}`;
          const samples = given.map((batch) => batch.flatMap((one) => samplesAt(workerId, one)));
          for (const batch of samples) await store.save(batch);
          const start = plus(NOON, from * SECOND);
          const range = stepsBetween(start, plus(start, length * SECOND), seconds * SECOND);
          const found = await store.steps(workerId, names, range);
          for (const name of names) {
            expect(found.get(name)).toEqual(byHand(samples.flat(), name, range));
          }
        }),
        { numRuns: 60 },
      );
    });
  });
}

interface RandomReading {
  readonly second: number;
  readonly values: Readonly<Record<string, number | undefined>>;
}

/** A sample of each source that has a value. */
function samplesAt(workerId: string, { second, values }: RandomReading): MetricSample[] {
  const at = plus(NOON, second * SECOND);
  return (['cml-system', 'cloudwatch'] as const).flatMap((source) => {
    const own = Object.entries(values).filter(
      ([name, value]) => value !== undefined && METRICS[name as MetricName].source === source,
    );
    return own.length > 0 ? [{ workerId, source, at, values: Object.fromEntries(own) }] : [];
  });
}

/** Step by step, over all samples each time. */
function byHand(samples: readonly MetricSample[], name: MetricName, range: StepRange): MetricStep[] {
  const steps: MetricStep[] = [];
  for (let at = range.from; at < endOf(range); at = plus(at, range.stepMs)) {
    const latest = new Map<number, number>();
    for (const sample of samples) {
      const value = sample.values[name];
      const inside = sample.at >= at && sample.at < plus(at, range.stepMs);
      if (value !== undefined && inside) latest.set(sample.at.getTime(), value);
    }
    const values = [...latest.values()].sort((one, other) => one - other);
    const [minimum, maximum] = [values[0], values.at(-1)];
    if (minimum === undefined || maximum === undefined) continue;
    const average = values.reduce((sum, value) => sum + value) / values.length;
    steps.push({ at, average, minimum, maximum });
  }
  return steps;
}
