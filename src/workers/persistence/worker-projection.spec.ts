import { aNewWorker, commandsOf, memoryWorkers } from '../testing/memory-workers';
import { EVERYWHERE } from '../domain/ports';
import { MemoryWorkerReadModel } from './worker.memory-read-model';
import { WorkerProjection } from './worker-projection';

const START = new Date('2026-03-01T08:00:00.000Z');

/** A worker that was stored and then renamed, and the log as another process reads it. */
async function stored() {
  const workers = memoryWorkers();
  const command = commandsOf();
  await workers.repository.add(aNewWorker('w-1', { name: 'first', createdAt: START }), command());
  await workers.repository.update('w-1', command(), (worker) => {
    worker.updateDetails({ ...worker.state, name: 'second' }, START);
  });
  await workers.store.sequence();
  return { ...workers, entries: await workers.store.readLog(0, 10) };
}

it('the log brings to a list what a crash, or another process, kept from it', async () => {
  const { aggregates, entries } = await stored();
  const readModel = new MemoryWorkerReadModel();
  const projection = new WorkerProjection(readModel, aggregates);
  for (const entry of entries) await projection.subscription.handle(entry);
  expect((await readModel.active(EVERYWHERE)).map(({ name }) => name)).toEqual(['second']);
});

it('each worker is loaded once, however many of its commits the log still holds', async () => {
  const { aggregates, entries } = await stored();
  const loaded: string[] = [];
  const counted = {
    load: (id: string) => {
      loaded.push(id);
      return aggregates.load(id);
    },
  };
  const projection = new WorkerProjection(new MemoryWorkerReadModel(), counted);
  for (const entry of entries) await projection.subscription.handle(entry);
  expect(entries).toHaveLength(2);
  expect(loaded).toEqual(['w-1']);
});
