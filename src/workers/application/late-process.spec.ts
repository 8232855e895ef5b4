import { ReconcilerBench } from '../../../test/support/reconciler-bench';
import { MINUTE } from '../../kernel/clocks';
import { type CmlWorker } from '../domain/cml-worker';

let bench: ReconcilerBench;
beforeEach(async () => {
  bench = await ReconcilerBench.start();
});
afterEach(() => bench.stop());

const change = (what: (worker: CmlWorker) => unknown) =>
  bench.workers.repository.update(bench.id, bench.command(), (worker) => void what(worker));
const wish = () => ({ by: 'user:ann', reason: null, at: bench.fleet.clock.now(), force: true });
const askToStop = () => change((worker) => worker.requestStop({ ...wish(), cutLabs: true }));
const askToStart = () => change((worker) => worker.requestStart(wish()));
const askToTerminate = () => change((worker) => worker.requestTerminate(wish()));
const calls = (action: string) => bench.fleet.world.calls.filter((call) => call.action === action).length;

/** Time passes right after the process has read the worker, and others do this meanwhile. */
function whileItStandsStill(minutes: number, others: () => Promise<unknown>): void {
  const { repository } = bench.workers;
  const read = repository.getById.bind(repository);
  jest.spyOn(repository, 'getById').mockImplementationOnce(async (id) => {
    const found = await read(id);
    for (const clock of [bench.fleet.clock, bench.fleet.machine]) clock.advance(minutes * MINUTE);
    await others();
    return found;
  });
}

describe('a process that stood still, and goes on', () => {
  it('stops nothing that was started since', async () => {
    await bench.untilRunning();
    await askToStop();
    whileItStandsStill(3, askToStart);
    await bench.reconciler.reconcile(bench.id);
    expect(calls('StopInstances')).toBe(0);
    expect((await bench.worker()).statusReason).toBeNull();
  });

  it('does not take the answer to its old stop for news of a worker that was started since', async () => {
    await bench.untilRunning();
    await askToStop();
    const { repository } = bench.workers;
    const update = repository.update.bind(repository);
    jest.spyOn(repository, 'update').mockImplementationOnce(async (...given) => {
      bench.fleet.clock.advance(90 * MINUTE);
      await askToStart();
      await change((worker) => worker.callAnswered('PENDING', bench.fleet.clock.now()));
      bench.fleet.clock.advance(MINUTE);
      return update(...given);
    });
    await bench.reconciler.reconcile(bench.id);
    expect(calls('StopInstances')).toBe(1);
    const { status, answered } = await bench.worker();
    expect([status, answered?.status]).toEqual(['PENDING', 'PENDING']);
  });

  it('launches nothing that nobody waits for any more', async () => {
    const { fleet, reconciler, id } = bench;
    fleet.world.failNext({ action: 'RunInstances', applied: false, cut: true });
    await reconciler.reconcile(id);
    fleet.minutes(2);
    whileItStandsStill(3, askToTerminate);
    await reconciler.reconcile(id);
    expect([calls('RunInstances'), fleet.world.region('eu-west-1')?.instances]).toEqual([1, []]);
  });

  it('tells no other intent why AWS refused the one before', async () => {
    await bench.untilRunning();
    await askToStop();
    const refusal = { action: 'StopInstances', applied: false, code: 'OperationNotPermitted' } as const;
    bench.fleet.world.failNext({ ...refusal, httpStatus: 400 });
    whileItStandsStill(1, askToTerminate);
    await bench.reconciler.reconcile(bench.id);
    expect(await bench.worker()).toMatchObject({ desired: { state: 'TERMINATED' }, statusReason: null });
  });
});
