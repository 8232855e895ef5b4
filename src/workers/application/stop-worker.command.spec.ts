import { ManualClock } from '../../kernel/clocks';
import { FakeLabCensus } from '../testing/fake-lab-census';
import { aNewWorker, commandsOf, memoryWorkers } from '../testing/memory-workers';
import { at, ENDPOINT, INSTANCE_ID, WORKER_ID } from '../testing/worker.builder';
import { type StopOptions, StopWorker, StopWorkerHandler } from './stop-worker.command';

/** A worker that serves, without labs by its own count; `running` is what a fresh reading says. */
async function stop(running: number | null, options: StopOptions = {}) {
  const { repository } = memoryWorkers();
  const command = commandsOf();
  await repository.add(aNewWorker(WORKER_ID, { createdAt: at(0) }), command());
  await repository.update(WORKER_ID, command(), (worker) => {
    worker.assignInstance({ awsInstanceId: INSTANCE_ID, publicIp: null, privateIp: null }, at(1));
    worker.updateStatus('RUNNING', at(2));
    worker.updateServiceStatus('AVAILABLE', ENDPOINT, at(10));
    worker.updateTelemetry({ activeLabsCount: 0 }, at(10));
  });
  const census = new FakeLabCensus(running);
  const handler = new StopWorkerHandler(repository, new ManualClock(at(60)), census);
  const answer = handler.execute(new StopWorker(WORKER_ID, command('over'), options));
  const told = await answer.then(
    ({ desired }) => desired.state,
    (error: { readonly code: string }) => error.code,
  );
  return { told, asked: census.asked };
}

describe('a stop', () => {
  it.each([
    [0, 'STOPPED'],
    [1, 'labs-running'],
    [null, 'labs-unknown'],
  ])('by a person asks how many labs run: %s', async (running, told) => {
    expect(await stop(running)).toEqual({ told, asked: [WORKER_ID] });
  });

  it('by force asks nobody, and neither does an automatic one, which probed just now', async () => {
    expect(await stop(null, { force: true })).toEqual({ told: 'STOPPED', asked: [] });
    const automatic = { decisionId: 'd-1', sendBefore: at(61) };
    expect(await stop(null, automatic)).toEqual({ told: 'STOPPED', asked: [] });
  });
});
