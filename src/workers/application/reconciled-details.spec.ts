import { ReconcilerBench } from '../../../test/support/reconciler-bench';
import { HOUR, plus } from '../../kernel/clocks';
import { REGION, type SimulatedFleet } from '../../simulator/testing/simulated-fleet';
import { type LaunchSettings, plainLaunch } from '../domain/launch-settings';
import { aNewWorker } from '../testing/memory-workers';

let bench: ReconcilerBench;
let fleet: SimulatedFleet;
let workers: ReconcilerBench['workers'];
let reconciler: ReconcilerBench['reconciler'];
let command: ReconcilerBench['command'];

beforeEach(async () => {
  bench = await ReconcilerBench.start();
  ({ fleet, workers, reconciler, command } = bench);
});
afterEach(() => bench.stop());

const worker = () => bench.worker();
const sweep = () => bench.sweep();
const untilRunning = () => bench.untilRunning();
const launches = () => fleet.world.calls.filter(({ action }) => action === 'RunInstances');
const instances = () => fleet.world.region(REGION)?.instances ?? [];

describe('tags that people change', () => {
  const retag = (tags: Record<string, string>) =>
    workers.repository.update(bench.id, command(), (found) => {
      found.updateDetails({ ...found.state, tags }, fleet.clock.now());
    });
  const onInstance = () => Object.fromEntries(instances()[0]?.tags.at(fleet.clock.now()) ?? []);
  const calls = (action: string) => fleet.world.calls.filter((call) => call.action === action).length;

  it('come to the instance, and nothing is sent while it has them', async () => {
    await untilRunning();
    await reconciler.reconcile(bench.id);
    expect(calls('CreateTags')).toBe(0);
    await retag({ course: 'routing' });
    await reconciler.reconcile(bench.id);
    await reconciler.reconcile(bench.id);
    expect(calls('CreateTags')).toBe(1);
    expect(onInstance()).toMatchObject({ course: 'routing', 'managed-by': 'cml-fleet', Name: 'w' });
  });

  it('that AWS refuses are tried again after six hours, and hold up nothing else', async () => {
    await untilRunning();
    await retag({ course: 'routing' });
    const refusal = { action: 'CreateTags', code: 'UnauthorizedOperation', httpStatus: 403 } as const;
    fleet.world.failNext({ ...refusal, applied: false });
    await reconciler.reconcile(bench.id);
    const nextTryAt = plus(fleet.clock.now(), 6 * HOUR);
    expect((await worker()).statusReason).toMatchObject({ code: 'tags-not-applied', nextTryAt });
    await workers.repository.update(bench.id, command(), (found) => {
      found.requestStop({ by: 'user:ann', reason: null, at: fleet.clock.now(), force: true, cutLabs: true });
    });
    await reconciler.reconcile(bench.id);
    expect((await worker()).status).toBe('STOPPING');
    fleet.minutes(5);
    await sweep();
    await reconciler.reconcile(bench.id);
    expect(onInstance()).toMatchObject({ course: 'routing' });
  });
});

describe('a list of instance types and subnets', () => {
  it('is gone through at once when AWS has no capacity, each time with a new token', async () => {
    const launch = { ...plainLaunch('c5.metal'), instanceTypes: ['c5.metal', 'm5.metal'] };
    const order = { name: 'l', instanceType: 'c5.metal', launch, createdAt: fleet.clock.now() };
    await workers.repository.add(aNewWorker('list', order), command());
    const full = { action: 'RunInstances', code: 'InsufficientInstanceCapacity', httpStatus: 500 } as const;
    fleet.world.failNext({ ...full, applied: false });
    await reconciler.reconcile('list');
    await reconciler.reconcile('list');
    const state = (await workers.repository.getById('list'))?.state;
    expect(state).toMatchObject({
      instanceType: 'm5.metal',
      appliedInstanceType: 'm5.metal',
      statusReason: null,
    });
    expect(state?.awsInstanceId).toBe(instances()[0]?.id);
    expect(launches().map(({ params }) => [params.InstanceType, params.ClientToken])).toEqual([
      ['c5.metal', 'list-1'],
      ['m5.metal', 'list-2'],
    ]);
  });
});

describe('a spot worker', () => {
  async function spotWorker(launch: Partial<LaunchSettings> = {}): Promise<void> {
    const spot = { ...plainLaunch('c5.2xlarge'), market: 'spot', ...launch } as const;
    await workers.repository.add(
      aNewWorker('spot', { name: 's', launch: spot, createdAt: fleet.clock.now() }),
      command(),
    );
    await reconciler.reconcile('spot');
  }
  const alive = () =>
    instances().filter((instance) => {
      const state = instance.facts.at(fleet.clock.now())?.state;
      return state !== undefined && state !== 'terminated' && state !== 'shutting-down';
    });

  it('is terminated for good: EC2 brings no other instance in its place', async () => {
    await spotWorker();
    fleet.minutes(2);
    expect(alive()).toHaveLength(1);
    await workers.repository.update('spot', command(), (found) => {
      found.requestTerminate({ by: 'user:ann', reason: null, at: fleet.clock.now() });
    });
    await reconciler.reconcile('spot');
    fleet.minutes(10);
    expect(alive()).toEqual([]);
  });

  it('is not terminated while its request cannot be cancelled, and says so', async () => {
    await spotWorker();
    fleet.minutes(2);
    await workers.repository.update('spot', command(), (found) => {
      found.requestTerminate({ by: 'user:ann', reason: null, at: fleet.clock.now() });
    });
    fleet.world.deny('CancelSpotInstanceRequests');
    await reconciler.reconcile('spot');
    const state = (await workers.repository.getById('spot'))?.state;
    expect(state?.statusReason).toMatchObject({ code: 'UnauthorizedOperation', nextTryAt: null });
    expect(alive()).toHaveLength(1);
  });

  it('is launched anew only when nothing of an earlier launch can come any more', async () => {
    await spotWorker();
    fleet.minutes(2);
    const [first] = alive();
    await workers.repository.update('spot', command(), (found) => {
      const stateReason = { code: 'Server.InternalError', message: 'no' };
      const died = { status: 'TERMINATED', publicIp: null, privateIp: null, stateReason } as const;
      found.observe({ ...died, begunAt: fleet.clock.now() }, fleet.clock.now());
    });
    if (first) fleet.world.console.terminate(first.id);
    fleet.minutes(6);
    await reconciler.reconcile('spot');
    fleet.minutes(6);
    const state = (await workers.repository.getById('spot'))?.state;
    expect(state?.launchAttempt).toBe(2);
    expect(fleet.world.calls.map(({ action }) => action)).toContain('CancelSpotInstanceRequests');
  });
});
