import { MINUTE, plus } from '../../kernel/clocks';
import { aWorker, INSTANCE_ID, WORKER_ID } from '../../workers/testing/worker.builder';
import { NO_POINTS, throttled } from '../testing/fake-ec2';
import { OPTIONS, telemetryBench } from '../testing/telemetry-bench';
import { ObserveMetrics } from './observe-metrics.command';

const EUROPE_ID = '00000000-0000-4000-8000-000000000002';

function bench() {
  const parts = telemetryBench();
  const europe = aWorker({ awsRegion: 'eu-west-1' }, EUROPE_ID).launched('i-2').running();
  parts.queries.workers = [aWorker().running().state, europe.state];
  const { readings } = parts.cloudWatch;
  const read5MinutesAgo = (value: number) => ({ value, at: plus(parts.clock.now(), -5 * MINUTE) });
  readings.set(INSTANCE_ID, { ...NO_POINTS, cpuUtilization: read5MinutesAgo(12.5) });
  readings.set('i-2', { ...NO_POINTS, cpuUtilization: read5MinutesAgo(80) });
  const observe = async () => {
    const regions = OPTIONS.regions.map((region) => parts.observeMetrics.execute(new ObserveMetrics(region)));
    return (await Promise.allSettled(regions)).flatMap((one) =>
      one.status === 'rejected' ? [one.reason as Error] : [],
    );
  };
  const read = async (id: string) => (await parts.observations.of(id)).cloudwatch;
  return { ...parts, observe, read };
}

describe('the observation of CloudWatch', () => {
  it('keeps the newest points of each running worker, each with its own time', async () => {
    const { clock, cloudWatch, observe, read } = bench();
    await observe();
    expect(await read(WORKER_ID)).toEqual({
      workerId: WORKER_ID,
      source: 'cloudwatch',
      values: { ...NO_POINTS, cpuUtilization: { value: 12.5, at: plus(clock.now(), -5 * MINUTE) } },
      observedAt: clock.now(),
      sweepId: null,
      lastError: null,
      goodReads: 1,
      failedReads: 0,
    });
    expect((await read(EUROPE_ID))?.values?.cpuUtilization).toMatchObject({ value: 80 });
    expect(cloudWatch.asked[0]).toEqual({
      instanceId: INSTANCE_ID,
      amiId: 'ami-1',
      instanceType: 'c5.metal',
    });
  });

  it('takes a point that is not there for unknown, not for zero', async () => {
    const { cloudWatch, observe, read } = bench();
    cloudWatch.readings.delete(INSTANCE_ID);
    await observe();
    expect((await read(WORKER_ID))?.values).toEqual(NO_POINTS);
  });

  it('keeps the point, and its time, of a metric that was not answered', async () => {
    const { clock, cloudWatch, observe, read } = bench();
    await observe();
    const before = (await read(WORKER_ID))?.values;
    clock.advance(5 * MINUTE);
    const networkInBytesPerSecond = { value: 0, at: clock.now() };
    cloudWatch.readings.set(INSTANCE_ID, { networkInBytesPerSecond });
    await observe();
    expect((await read(WORKER_ID))?.values).toEqual({ ...before, networkInBytesPerSecond });
  });

  it('has one failure for the instances of a call, and goes on with the others of the region', async () => {
    const { clock, queries, cloudWatch, observe, read } = bench();
    const second = aWorker({ name: 'lab-2' }, EUROPE_ID).launched('i-2').running();
    queries.workers = [aWorker().running().state, second.state];
    cloudWatch.failing.set(INSTANCE_ID, throttled());
    await observe();
    expect(await read(WORKER_ID)).toMatchObject({
      values: null,
      lastError: { code: 'RequestLimitExceeded', at: clock.now() },
    });
    expect((await read(EUROPE_ID))?.values?.cpuUtilization).toMatchObject({ value: 80 });
  });

  it('wipes nothing where a region refuses, and goes on elsewhere', async () => {
    const { clock, cloudWatch, observe, read } = bench();
    await observe();
    clock.advance(MINUTE);
    cloudWatch.failing.set('us-east-1', throttled());
    await observe();
    expect(await read(WORKER_ID)).toMatchObject({
      values: { cpuUtilization: { value: 12.5 } },
      lastError: { code: 'RequestLimitExceeded', at: clock.now() },
    });
    cloudWatch.failing.set('us-east-1', new Error('a fault'));
    expect(await observe()).toEqual([new Error('a fault')]);
    expect(await read(EUROPE_ID)).toMatchObject({ goodReads: 3, observedAt: clock.now() });
  });

  it('decides nothing, and asks for nothing that does not run', async () => {
    const { queries, commands, observe, read } = bench();
    queries.workers = [aWorker().stopped().state];
    await observe();
    expect(await read(WORKER_ID)).toBeUndefined();
    expect(commands.executed).toEqual([]);
  });
});
