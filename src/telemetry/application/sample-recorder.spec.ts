import { Logger } from '@nestjs/common';
import { HOUR, MINUTE, plus } from '../../kernel/clocks';
import { StoreUnavailable } from '../../kernel/domain-error';
import { UpdateTelemetry } from '../../workers';
import { aWorker, INSTANCE_ID, PUBLIC_IP, WORKER_ID } from '../../workers/testing/worker.builder';
import { CML_SOURCES } from '../domain/cml-source';
import { type MetricName } from '../domain/metric-sample';
import { stepsBetween } from '../domain/metric-series';
import { failing, labsValues, systemValues } from '../testing/fake-cml';
import { NO_POINTS, throttled } from '../testing/fake-ec2';
import { CONTEXT, telemetryBench } from '../testing/telemetry-bench';
import { ObserveMetrics } from './observe-metrics.command';

function bench() {
  const parts = telemetryBench();
  const worker = aWorker().serving().state;
  parts.queries.workers = [worker];
  const observe = async () => {
    const reachable = parts.observer.reachable(worker);
    if (!reachable) throw new Error('cannot be asked');
    await parts.observer.observe(reachable, { sources: CML_SOURCES }, CONTEXT);
  };
  const observeMetrics = () => parts.observeMetrics.execute(new ObserveMetrics('us-east-1'));
  const start = parts.clock.now();
  /** averages of minutes, from an hour before the start on, by the minute */
  const kept = async (name: MetricName) => {
    const range = stepsBetween(plus(start, -HOUR), plus(start, HOUR), MINUTE);
    const steps = (await parts.samples.steps(WORKER_ID, [name], range)).get(name) ?? [];
    return steps.map(({ at, average }) => [(at.getTime() - start.getTime()) / MINUTE, average]);
  };
  return { ...parts, observe, observeMetrics, kept, start };
}

const GAP = 'metric samples were not stored: their series have a gap';

const told: unknown[] = [];
beforeEach(() => {
  told.length = 0;
  const at =
    (level: string) =>
    (...line: unknown[]) =>
      void told.push([level, ...line]);
  Logger.overrideLogger({ log: at('log'), warn: at('warn'), error: at('error') });
});

describe('the samples of metrics', () => {
  it('are kept of each reading of a CML server, at its time; one that fails is a gap', async () => {
    const { clock, cml, observe, kept } = bench();
    cml.set(PUBLIC_IP, { system: systemValues({ cpuPercent: 10 }), labs: labsValues(2) });
    await observe();
    clock.advance(MINUTE);
    cml.set(PUBLIC_IP, { labs: failing('refused'), system: systemValues({ cpuPercent: 20 }) });
    await observe();
    clock.advance(MINUTE);
    cml.set(PUBLIC_IP, { labs: labsValues(0), system: systemValues({ cpuPercent: null }) });
    await observe();
    expect(await kept('runningLabs')).toEqual([
      [0, 2],
      [2, 0],
    ]);
    expect(await kept('cpuPercent')).toEqual([
      [0, 10],
      [1, 20],
    ]);
  });

  it('are kept of CloudWatch at the times of its points, each once however often it is answered', async () => {
    const { clock, cloudWatch, observeMetrics, kept, start } = bench();
    const point = (value: number, minutes: number) => ({ value, at: plus(start, minutes * MINUTE) });
    const network = point(500, -10);
    const before = { cpuUtilization: point(10, -10), networkInBytesPerSecond: network };
    cloudWatch.readings.set(INSTANCE_ID, { ...NO_POINTS, ...before });
    await observeMetrics();
    clock.advance(5 * MINUTE);
    cloudWatch.readings.set(INSTANCE_ID, { ...NO_POINTS, ...before, cpuUtilization: point(30, -5) });
    await observeMetrics();
    clock.advance(5 * MINUTE);
    cloudWatch.failing.set(INSTANCE_ID, throttled());
    await observeMetrics();
    expect(await kept('cpuUtilization')).toEqual([
      [-10, 10],
      [-5, 30],
    ]);
    expect(await kept('networkInBytesPerSecond')).toEqual([[-10, 500]]);
    expect(await kept('memoryUtilization')).toEqual([]);
  });

  it('are missing where they cannot be stored, while the rest of the observation goes on', async () => {
    const { cml, samples, observe, observations, history, clock, start } = bench();
    cml.set(PUBLIC_IP, { labs: labsValues(1) });
    samples.failing = new StoreUnavailable('away');
    await observe();
    expect((await observations.of(WORKER_ID))['cml-labs']?.values?.running).toBe(1);
    const intervals = await history.between(WORKER_ID, start, clock.now());
    expect(intervals.find(({ signal }) => signal === 'labs')?.value).toBe('active');
    samples.failing = new TypeError('a fault');
    await observe();
    // a database that is away is known from elsewhere; a fault is for a person to look at
    expect(told).toEqual([
      ['warn', expect.objectContaining({ samples: 2 }), GAP, 'SampleRecorder'],
      ['error', expect.objectContaining({ samples: 2 }), GAP, 'SampleRecorder'],
    ]);
  });

  it('are one for each minute, the first of it, however often CML is read', async () => {
    const { clock, cml, samples, observe, kept } = bench();
    for (let times = 0; times < 24; times += 1) {
      cml.set(PUBLIC_IP, { system: systemValues({ cpuPercent: times }), labs: labsValues(1) });
      await observe();
      clock.advance(5_000);
    }
    expect(await kept('cpuPercent')).toEqual([
      [0, 0],
      [1, 12],
    ]);
    expect(samples.saved).toHaveLength(2);
  });

  it('are tried again within the minute where they could not be stored', async () => {
    const { clock, cml, samples, observe, kept } = bench();
    cml.set(PUBLIC_IP, { system: systemValues({ cpuPercent: 10 }), labs: labsValues(1) });
    samples.failing = new StoreUnavailable('away');
    await observe();
    samples.failing = null;
    clock.advance(5_000);
    await observe();
    expect(await kept('cpuPercent')).toEqual([[0, 10]]);
  });

  it('are stored after all that decides', async () => {
    const { commands, cml, samples, observe, observations, history, start, clock } = bench();
    cml.set(PUBLIC_IP, { labs: labsValues(1) });
    const before: unknown[] = [];
    const save = samples.save.bind(samples);
    samples.save = async (some) => {
      const intervals = await history.between(WORKER_ID, start, clock.now());
      const { 'cml-labs': labs } = await observations.of(WORKER_ID);
      before.push(
        labs?.values?.running,
        intervals.some(({ signal }) => signal === 'labs'),
      );
      before.push(commands.of(UpdateTelemetry).length);
      await save(some);
    };
    await observe();
    expect(before).toEqual([1, true, 1]);
  });

  it('are stored together, and not at all where there are none', async () => {
    const { observe, cml, samples } = bench();
    cml.set(PUBLIC_IP, { system: failing('timeout') });
    await observe();
    expect(samples.saved).toEqual([]);
    cml.set(PUBLIC_IP, { system: systemValues() });
    await observe();
    expect(samples.saved).toEqual([['cml-system', 'cml-labs']]);
  });
});
