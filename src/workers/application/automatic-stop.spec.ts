import { ReconcilerBench } from '../../../test/support/reconciler-bench';
import { plus, SECOND } from '../../kernel/clocks';

let bench: ReconcilerBench;

beforeEach(async () => {
  bench = await ReconcilerBench.start();
  await bench.untilRunning();
  const { workers, fleet, id, command } = bench;
  await workers.repository.update(id, command(), (found) => {
    const at = fleet.clock.now();
    found.updateTelemetry({ activeLabsCount: 0 }, at);
    const wish = { by: 'system:reaper', reason: 'idle', at, decisionId: 'd-1' };
    found.requestStop({ ...wish, sendBefore: plus(fleet.machine.now(), 10 * SECOND) });
  });
});
afterEach(() => bench.stop());

const stopsSent = () => bench.fleet.world.calls.filter(({ action }) => action === 'StopInstances').length;

const withdrawn = async () => {
  bench.fleet.minutes(3);
  await bench.sweep();
  expect(await bench.worker()).toMatchObject({
    status: 'RUNNING',
    desired: { state: 'RUNNING', by: 'system:reconciler' },
  });
};

describe('an automatic stop', () => {
  it('is sent by the turn that decided it, also while another turn of the worker is under way', async () => {
    const { reconciler, id } = bench;
    await Promise.all([reconciler.reconcile(id), reconciler.carryOut(id, 'c-1', 'd-1')]);
    expect([stopsSent(), (await bench.worker()).status]).toEqual([1, 'STOPPING']);
    await reconciler.carryOut(id, 'c-1', 'd-1');
    expect(stopsSent()).toBe(1);
  });

  it('is sent by no other turn, here or in another process, and is taken back', async () => {
    await bench.reconciler.reconcile(bench.id);
    await bench.aProcess().reconcile(bench.id);
    await bench.aProcess().carryOut(bench.id, 'c-1', 'd-2');
    expect(stopsSent()).toBe(0);
    await withdrawn();
  });

  it('is not sent again when nobody knows whether AWS took it', async () => {
    bench.fleet.world.failNext({ action: 'StopInstances', applied: false, cut: true });
    await bench.reconciler.carryOut(bench.id, 'c-1', 'd-1');
    await bench.reconciler.reconcile(bench.id);
    expect(stopsSent()).toBe(1);
    expect((await bench.worker()).statusReason?.nextTryAt).toBeInstanceOf(Date);
  });

  it('is not sent once its probe is old or its lease over, and is taken back', async () => {
    bench.fleet.machine.advance(10 * SECOND);
    await bench.reconciler.carryOut(bench.id, 'c-1', 'd-1');
    expect(stopsSent()).toBe(0);
    await withdrawn();
  });

  it('is not sent once somebody has snoozed the worker, who was told that it is kept', async () => {
    const { workers, fleet, id, command } = bench;
    const at = fleet.clock.now();
    const snooze = { by: 'user:bob', reason: null, at, until: plus(at, 60 * SECOND) };
    await workers.repository.update(id, command(), (found) => found.snooze(snooze, at));
    await bench.reconciler.carryOut(id, 'c-1', 'd-1');
    expect(stopsSent()).toBe(0);
    expect(await bench.worker()).toMatchObject({
      status: 'RUNNING',
      desired: { state: 'RUNNING', by: 'user:bob' },
    });
  });
});
