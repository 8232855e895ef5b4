import { Logger } from '@nestjs/common';
import { aTurn } from '../../event-store/testing/leased-ticks';
import { MINUTE, plus } from '../../kernel/clocks';
import { RecordInstances } from '../../workers';
import { aWorker } from '../../workers/testing/worker.builder';
import { anInstance, throttled } from '../testing/fake-ec2';
import { CONTEXT, telemetryBench } from '../testing/telemetry-bench';

const REGION = 'us-east-1';

/** Workers in a region where EC2 showed all of them a minute ago. */
async function fleetOf(count: number) {
  const parts = telemetryBench();
  const { clock, queries, ec2 } = parts;
  const { lease } = aTurn(clock);
  const sweep = () => parts.sweep.sweepRegion(REGION, lease, CONTEXT);
  const told = () => parts.commands.of(RecordInstances);
  const numbers = Array.from({ length: count }, (_, index) => String(index).padStart(4, '0'));
  queries.workers = numbers.map(
    (n) => aWorker({ name: n }, `00000000-0000-4000-8000-00000000${n}`).launched(`i-${n}`).running().state,
  );
  const instances = numbers.map((n) => anInstance({ instanceId: `i-${n}` }));
  ec2.listed.set(REGION, instances);
  await sweep();
  clock.advance(MINUTE);
  const alarm = async () => (await parts.sweeps.all()).get(REGION)?.shrunk;
  const errors = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
  jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  jest.spyOn(Logger.prototype, 'log').mockReturnValue(undefined);
  return { ...parts, sweep, told, instances, alarm, errors };
}

describe('a region that shows far less than before', () => {
  afterEach(() => jest.restoreAllMocks());

  it('is asked for a thousand by id, those first that were not heard of for longest; the others keep what they had', async () => {
    const { clock, ec2, sweep, observations, queries, told } = await fleetOf(1_500);
    ec2.listed.set(REGION, []);
    await sweep();
    const [first = []] = ec2.askedById;
    expect([ec2.askedById.length, first.length]).toEqual([1, 1_000]);
    expect(told()[1]?.reading.missing).toHaveLength(1_000);
    const last = queries.workers.at(-1)?.id ?? '';
    expect((await observations.of(last)).ec2).toMatchObject({
      values: { status: 'RUNNING' },
      observedAt: plus(clock.now(), -MINUTE),
      lastError: null,
    });
    clock.advance(MINUTE);
    await sweep();
    const [, second = []] = ec2.askedById;
    const rest = queries.workers.map(({ awsInstanceId }) => awsInstanceId).slice(1_000);
    expect(second.slice(0, 500)).toEqual(rest);
    expect(second).toHaveLength(1_000);
  });

  it('raises one alarm, with the counts, which ends when the instances are there again', async () => {
    const { clock, ec2, sweep, instances, alarm, errors } = await fleetOf(50);
    const at = clock.now();
    ec2.listed.set(REGION, instances.slice(0, 30));
    await sweep();
    expect(await alarm()).toEqual({ from: 50, to: 30, at });
    clock.advance(MINUTE);
    ec2.listed.set(REGION, instances.slice(0, 31));
    await sweep();
    expect(await alarm()).toEqual({ from: 50, to: 31, at });
    const facts = { region: REGION, sweepId: 'sweep-1', from: 50, to: 30, unknownById: 20 };
    expect(errors.mock.calls).toEqual([[facts, expect.stringContaining('far fewer')]]);
    ec2.listed.set(REGION, instances);
    await sweep();
    expect(await alarm()).toBeNull();
  });

  it('raises none where EC2 knows them by id, or shows their end', async () => {
    const { ec2, sweep, instances, alarm } = await fleetOf(50);
    const ended = instances.slice(0, 15).map((one) => ({ ...one, status: 'TERMINATED' as const }));
    for (const one of instances.slice(15, 30)) ec2.hidden.set(one.instanceId, one);
    ec2.listed.set(REGION, [...ended, ...instances.slice(30)]);
    await sweep();
    expect(await alarm()).toBeNull();
  });

  it('raises none, and ends none, by a listing that is not complete', async () => {
    const { ec2, sweep, instances, alarm } = await fleetOf(50);
    ec2.listed.set(REGION, []);
    ec2.failing.set(REGION, throttled());
    await sweep();
    expect(await alarm()).toBeNull();
    ec2.failing.clear();
    await sweep();
    expect(await alarm()).not.toBeNull();
    ec2.listed.set(REGION, instances);
    ec2.failing.set(REGION, throttled());
    await sweep();
    expect(await alarm()).not.toBeNull();
  });
});
