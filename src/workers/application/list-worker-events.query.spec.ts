import fc from 'fast-check';
import { type Commit, EventRegistry, PublicEvents } from '../../event-store';
import { InvalidInput } from '../../kernel/domain-error';
import { MINUTE } from '../../kernel/clocks';
import { WorkerNotFound } from '../domain/worker-errors';
import {
  CMLWorkerConvergedDomainEvent as Converged,
  CMLWorkerVersionUpdatedDomainEvent as VersionUpdated,
  WORKER_EVENTS,
} from '../domain/worker-events';
import { memoryWorkers } from '../testing/memory-workers';
import { memoryStore } from '../../event-store/testing/memory-store';
import { systemContext } from '../../kernel/command-context';
import { EMPTY, headAfter } from '../../event-store/commit-chain';
import { type HistoryPlace, ListWorkerEvents, ListWorkerEventsHandler } from './list-worker-events.query';

/** A worker with commits of so many events each, a minute apart; every third event is another one. */
async function workerWith(sizes: readonly number[]) {
  const { store, clock } = memoryStore();
  const registry = new EventRegistry();
  registry.register(WORKER_EVENTS);
  const publicEvents = new PublicEvents(registry, { id: () => Promise.resolve('i') }, fail);
  const loads = jest.spyOn(store, 'load');
  const times: Date[] = [];
  let head = EMPTY;
  for (const [index, size] of sizes.entries()) {
    clock.advance(MINUTE);
    const events = Array.from({ length: size }, (_, place) =>
      (head.version + place) % 3 === 0
        ? new Converged('w1', { convergedAt: clock.now() })
        : new VersionUpdated('w1', { cmlVersion: String(index), updatedAt: clock.now() }),
    );
    const context = systemContext('test', `c${index}`);
    const commit: Commit = await store.append({ stream: 'worker-w1', head, events, context });
    head = headAfter(commit);
    for (let count = 0; count < size; count += 1) times.push(commit.at);
  }
  const handler = new ListWorkerEventsHandler(store, publicEvents, memoryWorkers().repository);
  const page = (start: HistoryPlace | null, limit: number, filter = {}, id = 'w1') =>
    handler.execute(new ListWorkerEvents(id, { filter, start, limit }));
  return { page, times, loads };
}

function fail(error: unknown): never {
  throw error;
}

describe("a worker's history", () => {
  it('comes whole and once, however long the pages and wherever they end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom(undefined, ['worker.converged'], ['worker.*']),
        fc.tuple(fc.nat(12), fc.nat(12)),
        async (sizes, limit, types, [first, last]) => {
          const { page, times } = await workerWith(sizes);
          const [from, to] = [times[first], times[last]];
          const expected = times.flatMap((at, index) => {
            const inTime = (!from || at >= from) && (!to || at <= to);
            return inTime && (types?.[0] !== 'worker.converged' || index % 3 === 0) ? [index + 1] : [];
          });
          const found: unknown[] = [];
          for (let start: HistoryPlace | null = null; ;) {
            const { events, next }: Awaited<ReturnType<typeof page>> = await page(start, limit, {
              types,
              from,
              to,
            });
            expect(events.length).toBeLessThanOrEqual(limit);
            found.push(...events.map(({ version }) => version));
            if (!next) break;
            start = next;
          }
          expect(found).toEqual(expected);
        },
      ),
    );
  });

  it('is read from the place on, not from its beginning', async () => {
    const { page, loads } = await workerWith(Array.from({ length: 40 }, () => 2));
    const { next } = await page(null, 60);
    loads.mockClear();
    const { events } = await page(next, 4);
    expect(events.map(({ version }) => version)).toEqual([61, 62, 63, 64]);
    const read = await Promise.all(loads.mock.results.map(({ value }) => value as Promise<Commit[]>));
    expect(read.flat().length).toBeLessThanOrEqual(6);
  });

  it('is none for a worker that never was', async () => {
    const { page } = await workerWith([1]);
    await expect(page(null, 5, {}, 'w2')).rejects.toThrow(WorkerNotFound);
    await expect(page({ after: 7, skip: 0 }, 5, {}, 'w2')).rejects.toThrow(WorkerNotFound);
  });

  it('refuses a place that no page ended at', async () => {
    const { page } = await workerWith([1, 3, 2]);
    await expect(page({ after: 2, skip: 0 }, 5)).rejects.toThrow(InvalidInput);
    expect((await page({ after: 1, skip: 1 }, 5)).events.map(({ version }) => version)).toEqual([3, 4, 5, 6]);
  });
});
