import { ReconcilerBench } from '../../../test/support/reconciler-bench';
import { MINUTE, plus, SECOND } from '../../kernel/clocks';
import { aNewWorker } from '../testing/memory-workers';
import { ACCOUNT, REGION, type SimulatedFleet } from '../../simulator/testing/simulated-fleet';

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

const ID = '6f1c1f0e-2f7b-4c39-9a43-3c1f6f0d9f11';
const aProcess = () => bench.aProcess();
const worker = () => bench.worker();
const sweep = () => bench.sweep();
const untilRunning = () => bench.untilRunning();

async function launchUnanswered({ applied }: { applied: boolean }): Promise<void> {
  fleet.world.failNext({ action: 'RunInstances', applied, cut: true });
  await reconciler.reconcile(ID);
}

/** Lets the time pass until what AWS refused is tried again. Answers how long that was, in ms. */
async function untilTried(): Promise<number> {
  const { statusReason } = await worker();
  const pause = (statusReason?.nextTryAt?.getTime() ?? NaN) - fleet.clock.now().getTime();
  fleet.seconds(Math.ceil(pause / SECOND));
  return pause;
}

async function askToTerminate(): Promise<void> {
  await workers.repository.update(ID, command(), (found) => {
    found.requestTerminate({ by: 'user:ann', reason: null, at: fleet.clock.now() });
  });
}

const launches = () => fleet.world.calls.filter(({ action }) => action === 'RunInstances');
const instances = () => fleet.world.region(REGION)?.instances ?? [];

describe('a launch', () => {
  it('that died before anybody heard of it is made anew', async () => {
    fleet.world.faults.add({ actions: ['RunInstances'], bootFails: 'Server.InternalError', next: 1 });
    await launchUnanswered({ applied: true });
    await untilTried();
    await reconciler.reconcile(ID);
    expect(await worker()).toMatchObject({
      ...{ status: 'PENDING', awsInstanceId: null, launchRequest: null },
      statusReason: { code: 'Server.InternalError' },
    });
    await untilTried();
    await reconciler.reconcile(ID);
    expect(launches().map(({ params }) => params.ClientToken)).toEqual([`${ID}-1`, `${ID}-2`]);
  });

  it('is stored in full before it is sent, and its answer gives the instance', async () => {
    await reconciler.reconcile(ID);
    const [instance] = instances();
    const state = await worker();
    expect(state).toMatchObject({
      status: 'PENDING',
      awsInstanceId: instance?.id,
      awsAccountId: ACCOUNT,
      amiId: fleet.world.cmlImage(REGION).id,
      launchAttempt: 1,
      launchRequest: { attempt: 1, clientToken: `${ID}-1` },
    });
    const types = workers.events.map(({ type }) => type);
    const launch = ['worker.launch-requested', 'worker.launch-tried', 'worker.instance-assigned'];
    expect(types).toEqual(['worker.created', ...launch]);
    expect(instance?.tags.at(fleet.clock.now())?.get('cml-fleet:worker-id')).toBe(ID);
  });

  it('is not sent twice when the answer was lost and the process died', async () => {
    await launchUnanswered({ applied: true });
    expect((await worker()).awsInstanceId).toBeNull();
    await untilTried();
    await aProcess().reconcile(ID);
    expect(instances()).toHaveLength(1);
    expect((await worker()).awsInstanceId).toBe(instances()[0]?.id);
    expect((await worker()).statusReason).toBeNull();
    expect(launches()).toHaveLength(1);
  });

  it('is not given up while EC2 cannot be asked whether it was carried out', async () => {
    await launchUnanswered({ applied: true });
    fleet.seconds(61);
    const expired = { action: 'DescribeInstances', code: 'RequestExpired', httpStatus: 400 } as const;
    fleet.world.failNext({ ...expired, applied: false });
    await aProcess().reconcile(ID);
    expect(await worker()).toMatchObject({
      launchRequest: { attempt: 1 },
      statusReason: { code: 'RequestExpired' },
    });
    await untilTried();
    await aProcess().reconcile(ID);
    expect(instances()).toHaveLength(1);
    expect((await worker()).awsInstanceId).toBe(instances()[0]?.id);
  });

  it('that may have been carried out is not given up when its repetition is refused', async () => {
    await launchUnanswered({ applied: false });
    fleet.seconds(61);
    const busy = { action: 'RunInstances', code: 'RequestLimitExceeded', httpStatus: 503 } as const;
    fleet.world.failNext({ ...busy, applied: false, times: 2 });
    await aProcess().reconcile(ID);
    const nextTryAt = plus(fleet.clock.now(), 5 * MINUTE);
    expect(await worker()).toMatchObject({ launchRequest: { attempt: 1 }, statusReason: { nextTryAt } });
    fleet.minutes(5);
    await aProcess().reconcile(ID);
    expect(await worker()).toMatchObject({ launchRequest: null, launchAttempt: 1, awsInstanceId: null });
  });

  it('is repeated to the byte when it was never received', async () => {
    await launchUnanswered({ applied: false });
    fleet.seconds(61);
    await aProcess().reconcile(ID);
    const [first, second] = launches().map(({ params }) => params);
    expect(second).toEqual(first);
    expect(instances()).toHaveLength(1);
  });

  it('that AWS has no capacity for is tried again with a new token, later and later', async () => {
    const full = { action: 'RunInstances', code: 'InsufficientInstanceCapacity', httpStatus: 500 } as const;
    fleet.world.failNext({ ...full, applied: false, times: 2 });
    await reconciler.reconcile(ID);
    expect((await worker()).statusReason).toMatchObject({ code: 'InsufficientInstanceCapacity' });
    await reconciler.reconcile(ID);
    expect(launches()).toHaveLength(1);
    fleet.minutes(10);
    await reconciler.reconcile(ID);
    expect(await untilTried()).toBeGreaterThan(2 * MINUTE);
    await reconciler.reconcile(ID);
    expect((await worker()).awsInstanceId).toBe(instances()[0]?.id);
    expect(launches().map(({ params }) => params.ClientToken)).toEqual([`${ID}-1`, `${ID}-2`, `${ID}-3`]);
  });

  it('that AWS refuses for good waits until somebody asks again', async () => {
    const refusal = { action: 'RunInstances', code: 'UnauthorizedOperation', httpStatus: 403 } as const;
    fleet.world.failNext({ ...refusal, applied: false });
    await reconciler.reconcile(ID);
    expect((await worker()).statusReason).toMatchObject({ code: 'UnauthorizedOperation', nextTryAt: null });
    fleet.minutes(600);
    await reconciler.reconcile(ID);
    expect(launches()).toHaveLength(1);
    await workers.repository.update(ID, command(), (found) => {
      found.requestStart({ by: 'user:ann', reason: 'rights were given', at: fleet.clock.now() });
    });
    await reconciler.reconcile(ID);
    expect((await worker()).awsInstanceId).toBe(instances()[0]?.id);
  });

  it('of an image that is not there tells so on the worker', async () => {
    await workers.repository.add(
      aNewWorker('other', { name: 'o', amiName: 'nothing-*', createdAt: fleet.clock.now() }),
      command(),
    );
    await reconciler.reconcile('other');
    const state = (await workers.repository.getById('other'))?.state;
    expect(state?.statusReason?.code).toBe('InvalidAMIID.NotFound');
    expect(launches()).toHaveLength(0);
  });

  it('that nobody wants any more is looked for, and its instance terminated', async () => {
    await launchUnanswered({ applied: true });
    await askToTerminate();
    fleet.seconds(10);
    await aProcess().reconcile(ID);
    fleet.seconds(40);
    await sweep();
    expect(await worker()).toMatchObject({ status: 'TERMINATED', terminatedBy: 'user:ann' });
    expect(instances().map((instance) => instance.facts.at(fleet.clock.now())?.state)).toEqual([
      'terminated',
    ]);
  });

  it('that nobody wants any more and that made no instance ends the worker after a quarter of an hour', async () => {
    await launchUnanswered({ applied: false });
    fleet.minutes(10);
    await launchUnanswered({ applied: false });
    await askToTerminate();
    fleet.minutes(14);
    await reconciler.reconcile(ID);
    expect((await worker()).status).toBe('PENDING');
    fleet.minutes(1);
    await reconciler.reconcile(ID);
    expect(await worker()).toMatchObject({ status: 'TERMINATED', terminatedBy: 'user:ann' });
    expect(instances()).toHaveLength(0);
  });
});

describe('stop, start and terminate', () => {
  const wish = (reason: string) => ({ by: 'user:ann', reason, at: fleet.clock.now() });

  it('follow the intent, through what EC2 answers', async () => {
    await untilRunning();
    expect((await worker()).status).toBe('RUNNING');
    await workers.repository.update(ID, command(), (found) => {
      found.requestStop({ ...wish('over'), force: true, cutLabs: true });
    });
    await reconciler.reconcile(ID);
    expect((await worker()).status).toBe('STOPPING');
    await sweep();
    expect((await worker()).status).toBe('STOPPING');
    fleet.seconds(40);
    await sweep();
    expect(await worker()).toMatchObject({
      status: 'STOPPED',
      publicIp: null,
      convergedAt: fleet.clock.now(),
    });

    await workers.repository.update(ID, command(), (found) => {
      found.updateDetails({ ...found.state, instanceType: 'c5.metal' }, fleet.clock.now());
      found.requestStart(wish('again'));
    });
    await reconciler.reconcile(ID);
    expect(await worker()).toMatchObject({ status: 'PENDING', appliedInstanceType: 'c5.metal' });

    await workers.repository.update(ID, command(), (found) => {
      found.requestTerminate(wish('not needed'));
    });
    await reconciler.reconcile(ID);
    fleet.seconds(40);
    await sweep();
    expect(await worker()).toMatchObject({ status: 'TERMINATED', terminatedBy: 'user:ann' });
    expect(instances()[0]?.type.at(fleet.clock.now())).toBe('c5.metal');
  });

  it('what AWS refuses is told on the worker and tried again when asked', async () => {
    await untilRunning();
    const [instance] = instances();
    if (instance) instance.protection.stop = true;
    await workers.repository.update(ID, command(), (found) => {
      found.requestStop({ ...wish('over'), force: true, cutLabs: true });
    });
    await reconciler.reconcile(ID);
    expect((await worker()).statusReason).toMatchObject({ code: 'OperationNotPermitted', nextTryAt: null });
    if (instance) instance.protection.stop = false;
    await workers.repository.update(ID, command(), (found) => {
      found.requestStop({ ...wish('over'), force: true, cutLabs: true });
    });
    await reconciler.reconcile(ID);
    expect((await worker()).status).toBe('STOPPING');
  });

  it('a stop that hangs is forced by policy, once', async () => {
    await untilRunning();
    await workers.repository.update(ID, command(), (found) => {
      found.requestStop({ ...wish('over'), force: true, cutLabs: true });
    });
    await reconciler.reconcile(ID);
    const hanging = { status: 'STOPPING', publicIp: null, privateIp: null, stateReason: null } as const;
    fleet.minutes(11);
    await workers.repository.update(ID, command(), (found) => {
      found.observe({ ...hanging, begunAt: fleet.clock.now() }, fleet.clock.now());
    });
    await reconciler.reconcile(ID);
    const forced = () => fleet.world.calls.filter(({ params }) => params.Force === 'true').length;
    expect(forced()).toBe(0);
    const forcing = bench.aProcess({ forceOverdueStop: true });
    await forcing.reconcile(ID);
    await forcing.reconcile(ID);
    expect(forced()).toBe(1);
    expect((await worker()).overdue?.forcedAt).toEqual(fleet.clock.now());
  });
});
