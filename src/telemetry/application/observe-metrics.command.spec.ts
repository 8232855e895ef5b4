import { MINUTE } from '../../kernel/clocks';
import { aWorker, INSTANCE_ID, WORKER_ID } from '../../workers/testing/worker.builder';
import { throttled } from '../testing/fake-ec2';
import { OPTIONS, telemetryBench } from '../testing/telemetry-bench';
import { ObserveMetrics } from './observe-metrics.command';

const EUROPE_ID = '00000000-0000-4000-8000-000000000002';

function bench() {
  const parts = telemetryBench();
  const europe = aWorker({ awsRegion: 'eu-west-1' }, EUROPE_ID).launched('i-2').running();
  parts.queries.workers = [aWorker().running().state, europe.state];
  parts.cloudWatch.points.set(INSTANCE_ID, 12.5).set('i-2', 80);
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
  it('keeps the newest point of each running worker', async () => {
    const { clock, observe, read } = bench();
    await observe();
    expect(await read(WORKER_ID)).toEqual({
      workerId: WORKER_ID,
      source: 'cloudwatch',
      values: { cpuUtilization: 12.5 },
      observedAt: clock.now(),
      sweepId: null,
      lastError: null,
      goodReads: 1,
      failedReads: 0,
    });
    expect((await read(EUROPE_ID))?.values).toEqual({ cpuUtilization: 80 });
  });

  it('takes a point that is not there for unknown, not for zero', async () => {
    const { cloudWatch, observe, read } = bench();
    cloudWatch.points.delete(INSTANCE_ID);
    await observe();
    expect((await read(WORKER_ID))?.values).toEqual({ cpuUtilization: null });
  });

  it('wipes nothing where a region refuses, and goes on elsewhere', async () => {
    const { clock, cloudWatch, observe, read } = bench();
    await observe();
    clock.advance(MINUTE);
    cloudWatch.failing.set('us-east-1', throttled());
    await observe();
    expect(await read(WORKER_ID)).toMatchObject({
      values: { cpuUtilization: 12.5 },
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
