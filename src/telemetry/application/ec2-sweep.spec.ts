import { aTurn } from '../../event-store/testing/leased-ticks';
import { MINUTE, plus } from '../../kernel/clocks';
import { RecordInstances } from '../../workers';
import { aWorker, INSTANCE_ID, WORKER_ID } from '../../workers/testing/worker.builder';
import { anInstance, throttled } from '../testing/fake-ec2';
import { CONTEXT, telemetryBench } from '../testing/telemetry-bench';

const REGION = 'us-east-1';
const SEEN = {
  status: 'RUNNING',
  publicIp: '203.0.113.10',
  privateIp: '10.0.0.10',
  instanceType: 'c5.metal',
  missingSince: null,
  ...{ checks: null, scheduledEvents: null, healthReadAt: null, interruption: null },
};

function bench() {
  const parts = telemetryBench();
  // created at 8:00, launched at 8:01, and running since 8:10; the bench's clock stands at 9:00
  parts.queries.workers = [aWorker().running().state];
  parts.ec2.listed.set(REGION, [anInstance()]);
  const { lease } = aTurn(parts.clock);
  const sweep = () => parts.sweep.sweepRegion(REGION, lease, CONTEXT);
  const ec2 = async () => (await parts.observations.of(WORKER_ID)).ec2;
  return { ...parts, sweep, ec2Of: ec2, told: () => parts.commands.of(RecordInstances) };
}

describe('the sweep of a region', () => {
  it('keeps what EC2 says of each instance, and tells the workers', async () => {
    const { clock, sweep, ec2Of, told, history, sweeps } = bench();
    await sweep();
    expect(await ec2Of()).toEqual({
      workerId: WORKER_ID,
      source: 'ec2',
      values: SEEN,
      observedAt: clock.now(),
      sweepId: 'sweep-1',
      lastError: null,
      goodReads: 1,
      failedReads: 0,
    });
    expect(told().map(({ reading }) => reading)).toEqual([
      {
        region: REGION,
        accountId: '111122223333',
        begunAt: clock.now(),
        instances: [anInstance()],
        missing: [],
      },
    ]);
    const signals = (await history.current([WORKER_ID])).get(WORKER_ID);
    expect(signals?.get('ec2')).toMatchObject({ value: 'idle', from: clock.now(), to: clock.now() });
    expect((await sweeps.all()).get(REGION)).toEqual({
      region: REGION,
      sweep: { id: 'sweep-1', begunAt: clock.now(), complete: true },
      sweptAt: clock.now(),
      lastError: null,
      healthError: null,
      accountId: '111122223333',
      size: 1,
      shrunk: null,
      owner: 'replica-1',
      fence: 1,
    });
  });

  it('hands on the checks with the instances, and keeps them with their time where they are not read again', async () => {
    const { clock, ec2, sweep, ec2Of, told, sweeps } = bench();
    const checks = { system: 'ok', instance: 'impaired' } as const;
    const health = { checks, scheduledEvents: [] };
    ec2.checked.set(INSTANCE_ID, health);
    await sweep();
    expect(told()[0]?.reading.instances).toEqual([anInstance({ health })]);
    expect((await ec2Of())?.values).toMatchObject({ ...health, healthReadAt: null });
    const readAt = clock.now();
    clock.advance(MINUTE);
    ec2.checked.clear();
    ec2.failingHealth = throttled();
    await sweep();
    expect(told()[1]?.reading.instances).toEqual([anInstance()]);
    expect((await ec2Of())?.values).toMatchObject({ ...health, healthReadAt: readAt });
    expect((await sweeps.all()).get(REGION)).toMatchObject({
      ...{ sweptAt: clock.now(), lastError: null },
      healthError: { code: 'RequestLimitExceeded' },
    });
  });

  it('asks about interruptions of spot instances, and only where there are any', async () => {
    const { ec2, sweep, ec2Of, told } = bench();
    await sweep();
    expect(ec2.askedForInterruptions).toEqual([]);
    ec2.listed.set(REGION, [anInstance({ market: 'spot' }), anInstance({ instanceId: 'i-2' })]);
    const interruption = { code: 'marked-for-stop', message: 'soon' };
    ec2.taken.set(INSTANCE_ID, interruption);
    await sweep();
    expect(ec2.askedForInterruptions).toEqual([[INSTANCE_ID]]);
    expect(told()[1]?.reading.instances[0]).toMatchObject({ interruption });
    expect((await ec2Of())?.values).toMatchObject({ interruption });
  });

  it('asks by id for an instance that the listing lacks', async () => {
    const { ec2, sweep, ec2Of, told } = bench();
    ec2.listed.set(REGION, []);
    ec2.hidden.set(INSTANCE_ID, anInstance());
    await sweep();
    expect(ec2.askedById).toEqual([[INSTANCE_ID]]);
    expect(told()[0]?.reading).toMatchObject({ instances: [anInstance()], missing: [] });
    expect((await ec2Of())?.values).toEqual(SEEN);
  });

  it('does not ask by id for what the listing has', async () => {
    const { ec2, sweep } = bench();
    await sweep();
    expect(ec2.askedById).toEqual([]);
  });

  it('tells since when EC2 does not know an instance, until it is seen again', async () => {
    const { clock, ec2, sweep, ec2Of, told } = bench();
    const since = clock.now();
    ec2.listed.set(REGION, []);
    await sweep();
    clock.advance(MINUTE);
    await sweep();
    expect((await ec2Of())?.values).toEqual({
      status: 'UNKNOWN',
      publicIp: null,
      privateIp: null,
      instanceType: null,
      missingSince: since,
      ...{ checks: null, scheduledEvents: null, healthReadAt: null, interruption: null },
    });
    const missing = [{ instanceId: INSTANCE_ID, since }];
    expect(told().map(({ reading }) => reading.missing)).toEqual([missing, missing]);
    ec2.listed.set(REGION, [anInstance()]);
    await sweep();
    expect((await ec2Of())?.values).toEqual(SEEN);
    expect(told()[2]?.reading.missing).toEqual([]);
  });

  it('takes an instance that was just launched for not visible yet, not for missing', async () => {
    const { clock, queries, ec2, sweep, ec2Of, told } = bench();
    queries.workers = [
      aWorker()
        .launchRequested({ at: plus(clock.now(), -5 * MINUTE + 1) })
        .launched().state,
    ];
    ec2.listed.set(REGION, []);
    await sweep();
    expect(await ec2Of()).toBeUndefined();
    expect(told()).toEqual([]);
    clock.advance(1);
    await sweep();
    expect(told()[0]?.reading.missing).toEqual([{ instanceId: INSTANCE_ID, since: clock.now() }]);
  });

  it('names no account when AWS does not tell which one it is', async () => {
    const { ec2, sweep, told } = bench();
    ec2.account = null;
    await sweep();
    expect(told()[0]?.reading.accountId).toBeNull();
  });

  it('wipes nothing when the listing fails', async () => {
    const { clock, ec2, sweep, ec2Of, told, sweeps } = bench();
    await sweep();
    const before = await ec2Of();
    const sweptAt = clock.now();
    clock.advance(MINUTE);
    ec2.listed.clear();
    ec2.failing.set(REGION, throttled());
    await sweep();
    const lastError = { code: 'RequestLimitExceeded', message: 'AWS asks to slow down.', at: clock.now() };
    expect(await ec2Of()).toEqual({ ...before, lastError, goodReads: 0, failedReads: 1 });
    expect(ec2.askedById).toEqual([]);
    expect(told()).toHaveLength(1);
    expect((await sweeps.all()).get(REGION)).toMatchObject({ sweptAt, lastError, size: 1 });
  });

  it('uses what was read of a listing that failed half-way, and says nothing about the rest', async () => {
    const { clock, queries, ec2, sweep, ec2Of, observations, told, sweeps } = bench();
    const other = aWorker({ name: 'lab-2' }, '00000000-0000-4000-8000-000000000002').launched('i-2');
    queries.workers = [...queries.workers, other.state];
    ec2.listed.set(REGION, [anInstance(), anInstance({ instanceId: 'i-2' })]);
    await sweep();
    clock.advance(MINUTE);
    ec2.listed.set(REGION, [anInstance({ status: 'STOPPING' })]);
    ec2.failing.set(REGION, throttled());
    await sweep();
    expect(await ec2Of()).toMatchObject({ values: { status: 'STOPPING' }, observedAt: clock.now() });
    expect((await observations.of(other.id)).ec2).toMatchObject({
      values: SEEN,
      observedAt: plus(clock.now(), -MINUTE),
      lastError: { code: 'RequestLimitExceeded' },
    });
    expect(ec2.askedById).toEqual([]);
    const reading = { instances: [anInstance({ status: 'STOPPING' })], missing: [] };
    expect(told()[1]?.reading).toMatchObject(reading);
    expect((await sweeps.all()).get(REGION)).toMatchObject({
      sweep: { begunAt: clock.now(), complete: false },
      sweptAt: plus(clock.now(), -MINUTE),
      size: 2,
    });
  });

  it('keeps what the listing said when asking by id fails', async () => {
    const { queries, ec2, sweep, ec2Of, observations, told } = bench();
    const other = aWorker({ name: 'lab-2' }, '00000000-0000-4000-8000-000000000002').launched('i-2');
    queries.workers = [...queries.workers, other.state];
    ec2.failingById.set(REGION, throttled());
    await sweep();
    expect((await ec2Of())?.values).toEqual(SEEN);
    expect((await observations.of(other.id)).ec2).toMatchObject({
      values: null,
      observedAt: null,
      lastError: { code: 'RequestLimitExceeded' },
    });
    expect(told()[0]?.reading).toMatchObject({ instances: [anInstance()], missing: [] });
  });
});
