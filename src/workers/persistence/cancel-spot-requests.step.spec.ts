import { ReconcilerBench } from '../../../test/support/reconciler-bench';
import { processStep } from '../../event-store';
import { REGION, type SimulatedFleet } from '../../simulator/testing/simulated-fleet';
import { plainLaunch } from '../domain/launch-settings';
import { aNewWorker } from '../testing/memory-workers';
import { cancelSpotRequests } from './cancel-spot-requests.step';

const ID = 'spot';

let bench: ReconcilerBench;
let fleet: SimulatedFleet;

beforeEach(async () => {
  bench = await ReconcilerBench.start();
  ({ fleet } = bench);
  const launch = { ...plainLaunch('c5.2xlarge'), market: 'spot' as const };
  const worker = aNewWorker(ID, { name: 's', launch, createdAt: fleet.clock.now() });
  await bench.workers.repository.add(worker, bench.command());
  await bench.reconciler.reconcile(ID);
  fleet.minutes(2);
});
afterEach(() => bench.stop());

const change = (decide: Parameters<ReconcilerBench['workers']['repository']['update']>[2]) =>
  bench.workers.repository.update(ID, bench.command(), decide);

/** A sweep sees the instance end. */
const seesItEnd = (code: string) =>
  change((worker) => {
    const now = fleet.clock.now();
    const unsaid = { publicIp: null, privateIp: null, stateReason: { code, message: 'gone' } };
    worker.observe({ status: 'TERMINATED', ...unsaid, begunAt: now }, now);
  });
const endInAws = () => fleet.world.console.terminate(instances()[0]?.id ?? '');
const wantTerminated = () =>
  change((worker) => void worker.requestTerminate({ by: 'user:ann', reason: null, at: fleet.clock.now() }));

/** The step to the log's end, from its beginning. */
async function follow(compute: Parameters<typeof cancelSpotRequests>[1] = bench.compute): Promise<void> {
  const { aggregates, store, decoder } = bench.workers;
  const { handle } = processStep(cancelSpotRequests(aggregates, compute), decoder);
  await store.sequence();
  for (const entry of await store.readLog(0, 100)) await handle(entry);
}

const instances = () => fleet.world.region(REGION)?.instances ?? [];
const states = () =>
  [...(fleet.world.region(REGION)?.spotRequests.values() ?? [])].map(
    ({ status }) => status.at(fleet.clock.now())?.state,
  );
const stateOf = async () => (await bench.workers.repository.getById(ID))?.state;

it('cancels the request of a worker whose instance was terminated in AWS: no other one comes', async () => {
  endInAws();
  await seesItEnd('Client.UserInitiatedShutdown');
  expect((await stateOf())?.status).toBe('TERMINATED');
  await follow();
  await follow();
  fleet.minutes(10);
  expect([states(), instances().length]).toEqual([['cancelled'], 1]);
});

it('cancels that of a launch that died, also where the worker is ended at once after it', async () => {
  endInAws();
  await seesItEnd('Server.InternalError');
  await wantTerminated();
  await bench.reconciler.reconcile(ID);
  expect((await stateOf())?.status).toBe('TERMINATED');
  await follow();
  fleet.minutes(10);
  expect([states(), instances().length]).toEqual([['cancelled'], 1]);
});

it('cancels that of a launch that died while the next one waits for its time', async () => {
  endInAws();
  await seesItEnd('Server.InternalError');
  await follow();
  expect(states()).toEqual(['cancelled']);
});

it('leaves the request of a launch that followed the one that died', async () => {
  endInAws();
  await seesItEnd('Server.InternalError');
  fleet.minutes(6);
  await bench.reconciler.reconcile(ID);
  fleet.minutes(2);
  await follow();
  expect(states()).toEqual(['cancelled', 'active']);
});

it('leaves what it finds where a launch has begun since it looked', async () => {
  endInAws();
  await seesItEnd('Server.InternalError');
  const { compute } = bench;
  await follow({
    cancelSpotRequests: async (...call) => {
      fleet.minutes(6);
      await bench.reconciler.reconcile(ID);
      fleet.minutes(2);
      await compute.cancelSpotRequests(...call);
    },
  });
  expect((await stateOf())?.launchAttempt).toBe(2);
  expect(states()).toEqual(['cancelled', 'active']);
});

it('fails where AWS refuses, so that it is tried again', async () => {
  endInAws();
  await seesItEnd('Client.UserInitiatedShutdown');
  fleet.world.deny('CancelSpotInstanceRequests');
  await expect(follow()).rejects.toMatchObject({ awsCode: 'UnauthorizedOperation' });
  fleet.world.permit('CancelSpotInstanceRequests');
  await follow();
  expect(states()).toEqual(['cancelled']);
});

it('asks AWS nothing about workers on demand', async () => {
  await bench.untilRunning();
  const before = fleet.world.calls.length;
  await bench.workers.repository.update(bench.id, bench.command(), (worker) => {
    worker.terminate('user:ann', fleet.clock.now());
  });
  await follow();
  expect(fleet.world.calls.length).toBe(before);
});
