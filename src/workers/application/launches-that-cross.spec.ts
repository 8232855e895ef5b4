import { ReconcilerBench } from '../../../test/support/reconciler-bench';
import { eventually } from '../../../test/support/eventually';
import { REGION, type SimulatedFleet } from '../../simulator/testing/simulated-fleet';
import { type ComputeProvider } from '../domain/ports';
import { ComputeError } from '../domain/worker-errors';
import { WorkerReconciler } from './worker-reconciler';

let bench: ReconcilerBench;
let fleet: SimulatedFleet;
beforeEach(async () => {
  bench = await ReconcilerBench.start();
  ({ fleet } = bench);
});
afterEach(() => bench.stop());

const living = () =>
  (fleet.world.region(REGION)?.instances ?? []).filter(
    (one) => !['terminated', 'shutting-down'].includes(one.stateAt(fleet.clock.now())),
  );
const throttled = () => new ComputeError('throttled', 'ApiBudgetExhausted', 'no token');
const lost = () => new ComputeError('unclear', 'ECONNRESET', 'no answer');

/** A process whose calls of some kinds go otherwise. */
function aProcessWith(calls: Partial<ComputeProvider>): WorkerReconciler {
  let count = 0;
  const compute = new Proxy(bench.compute, {
    get: (target, name: keyof ComputeProvider) => (calls[name] ?? target[name].bind(target)) as unknown,
  });
  const ids = { next: () => `process-${Math.random()}-${(count += 1)}` };
  const { workers } = bench;
  return new WorkerReconciler(
    ...([workers.repository, compute, fleet.clock, fleet.machine, ids] as const),
    { forceOverdueStop: false },
    bench.census,
  );
}

it('a refusal of one process is no end of a launch that another one has tried meanwhile', async () => {
  let refuse = (_error: Error): void => undefined;
  let waits = false;
  const waiting = aProcessWith({
    launch: () =>
      new Promise((_resolve, reject) => {
        refuse = reject;
        waits = true;
      }),
  });
  const faster = aProcessWith({
    launch: async (...given) => {
      await bench.compute.launch(...given);
      throw lost();
    },
  });
  const turn = waiting.reconcile(bench.id);
  await eventually(() => expect(waits).toBe(true));
  fleet.seconds(1);
  await faster.reconcile(bench.id);
  refuse(throttled());
  await turn;
  expect(await bench.worker()).toMatchObject({ launchRequest: { attempt: 1, tries: 2 }, launchAttempt: 1 });
  fleet.minutes(10);
  await bench.aProcess().reconcile(bench.id);
  expect(living().map(({ id }) => id)).toEqual([(await bench.worker()).awsInstanceId]);
});

it('of two processes that set about the same try only one sends', async () => {
  const sent: string[] = [];
  const sending = (name: string) =>
    aProcessWith({
      launch: (...given) => {
        sent.push(name);
        return bench.compute.launch(...given);
      },
    });
  await Promise.all([sending('a').reconcile(bench.id), sending('b').reconcile(bench.id)]);
  expect(sent).toHaveLength(1);
  expect(living()).toHaveLength(1);
});

it('a person who asks again does not make the latest try forgotten', async () => {
  fleet.world.failNext({ action: 'RunInstances', applied: false, cut: true });
  await bench.reconciler.reconcile(bench.id);
  fleet.minutes(6);
  fleet.world.failNext({ action: 'RunInstances', applied: true, cut: true });
  await bench.aProcess().reconcile(bench.id);
  await bench.workers.repository.update(bench.id, bench.command(), (worker) => {
    worker.requestStart({ by: 'user:ann', reason: null, at: fleet.clock.now() });
  });
  const blind = { findByClientToken: () => Promise.resolve(null), launch: () => Promise.reject(throttled()) };
  await aProcessWith(blind).reconcile(bench.id);
  expect((await bench.worker()).launchRequest).toMatchObject({ attempt: 1, tries: 3 });
  fleet.minutes(10);
  await bench.aProcess().reconcile(bench.id);
  expect(living().map(({ id }) => id)).toEqual([(await bench.worker()).awsInstanceId]);
});

it('an instance that died before the answer to its launch came is no end of the worker', async () => {
  fleet.world.failNext({ action: 'RunInstances', applied: true, cut: true });
  await bench.reconciler.reconcile(bench.id);
  fleet.minutes(2);
  const stateReason = { code: 'Server.InsufficientInstanceCapacity', message: 'no capacity' };
  const dead = aProcessWith({
    findByClientToken: async (...given) => {
      const found = await bench.compute.findByClientToken(...given);
      return found && { ...found, status: 'TERMINATED', stateReason };
    },
  });
  await dead.reconcile(bench.id);
  expect(await bench.worker()).toMatchObject({
    status: 'PENDING',
    awsInstanceId: null,
    statusReason: { code: 'Server.InsufficientInstanceCapacity' },
  });
});
