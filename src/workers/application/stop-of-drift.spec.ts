import { ReconcilerBench } from '../../../test/support/reconciler-bench';
import { type WorkerState } from '../domain/worker-state';

let bench: ReconcilerBench;

beforeEach(async () => {
  bench = await ReconcilerBench.start();
  await bench.untilRunning();
});
afterEach(() => bench.stop());

const stopsSent = () => bench.fleet.world.calls.filter(({ action }) => action === 'StopInstances').length;

/** The worker serves without labs by its own count, and is wanted STOPPED by somebody. */
async function wantedStoppedBy(by: string): Promise<void> {
  const { workers, fleet, id, command } = bench;
  await workers.repository.update(id, command(), (found) => {
    const at = fleet.clock.now();
    found.updateServiceStatus('AVAILABLE', 'https://203.0.113.10', at);
    found.updateTelemetry({ activeLabsCount: 0 }, at);
    found.requestStop({ by, reason: 'it was stopped', at });
  });
}

const turn = async (): Promise<WorkerState['status']> => {
  await bench.reconciler.reconcile(bench.id);
  return (await bench.worker()).status;
};

describe('a stop that corrects what was changed in AWS', () => {
  it.each([[null], [1]])('is not sent while a fresh reading of the labs says %s', async (running) => {
    await wantedStoppedBy('system:drift');
    bench.census.running = running;
    expect([await turn(), await turn(), stopsSent()]).toEqual(['RUNNING', 'RUNNING', 0]);
    bench.census.running = 0;
    expect([await turn(), stopsSent()]).toEqual(['STOPPING', 1]);
  });

  it('differs in this from one that a person wants, who was told at once', async () => {
    await wantedStoppedBy('user:ann');
    bench.census.running = null;
    expect([await turn(), bench.census.asked]).toEqual(['STOPPING', []]);
  });
});
