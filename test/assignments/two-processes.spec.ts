import fc from 'fast-check';
import { AssignmentsBench, OPTIONS } from '../../src/assignments/testing/assignments-bench';
import { aWorker } from '../../src/workers/testing/worker.builder';
import { ask } from './request-stories';

const EACH_RUNS = 60;

interface Fleet {
  readonly workers: number;
  readonly users: number;
  readonly capacity: number;
}

/** Two processes serve the same requests at once, each call of theirs in its turn as `turn` says. */
async function raced(
  { workers, users, capacity }: Fleet,
  turn: () => Promise<void>,
): Promise<AssignmentsBench> {
  const bench = new AssignmentsBench({ ...OPTIONS, usersPerWorker: capacity });
  for (let index = 1; index <= workers; index += 1) {
    const id = `w-${index}`;
    await bench.given(aWorker({ name: id, tags: { pool: 'yes' } }, id).serving());
  }
  for (let index = 1; index <= users; index += 1) await ask(bench, `user:${index}`);
  const processes = await Promise.all([bench.process(null, turn), bench.process(null, turn)]);
  await Promise.all(processes.map(({ serve }) => serve()));
  return bench;
}

/** By worker, whose it is. */
async function usersOf(bench: AssignmentsBench): Promise<Map<string, string[]>> {
  const { directory } = await bench.process();
  const users = new Map<string, string[]>();
  for (const { workerId, userId } of directory.running(bench.clock.now())) {
    users.set(workerId, [...(users.get(workerId) ?? []), userId]);
  }
  return users;
}

async function mustBeFair({ workers, users, capacity }: Fleet, bench: AssignmentsBench): Promise<void> {
  const found = await usersOf(bench);
  const all = [...found.values()].flat();
  for (const there of found.values()) expect(there.length).toBeLessThanOrEqual(capacity);
  expect(new Set(all).size).toBe(all.length);
  // what was refused in the race is taken by the turn after it
  await (await bench.process()).serve();
  const after = [...(await usersOf(bench)).values()];
  expect(after.flat()).toHaveLength(Math.min(users, workers * capacity));
  for (const there of after) expect(there.length).toBeLessThanOrEqual(capacity);
}

describe('two processes that serve requests at once', () => {
  it('never give the last seat to two, in whatever order their calls come', async () => {
    const fleets = fc.record({
      workers: fc.integer({ min: 1, max: 3 }),
      users: fc.integer({ min: 1, max: 5 }),
      capacity: fc.integer({ min: 1, max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fleets, fc.scheduler(), async (fleet, scheduler) => {
        const racing = raced(fleet, () => scheduler.schedule(Promise.resolve()));
        const bench = await scheduler.waitFor(racing);
        await mustBeFair(fleet, bench);
      }),
      { numRuns: EACH_RUNS },
    );
  });

  it('do not, where one saw the fleet before the other had given anything', async () => {
    const bench = new AssignmentsBench();
    await bench.given(aWorker({ name: 'w-1', tags: { pool: 'yes' } }, 'w-1').serving());
    const ids = [await ask(bench, 'user:1'), await ask(bench, 'user:2')];
    const processes = await Promise.all([bench.process(), bench.process()]);
    // each chooses the same worker for another request, as by lists that do not know of each other
    for (const [index, id] of ids.entries()) {
      await processes[index]?.requests.update(id, bench.context('system:test', `choose ${id}`), (request) =>
        request.choose('w-1', 'chosen', bench.clock.now()),
      );
    }
    await Promise.all(processes.map(({ serve }) => serve()));
    const states = await Promise.all(ids.map(async (id) => (await bench.request(id)).state));
    expect(states.sort()).toEqual(['ready', 'waiting']);
    expect([...(await usersOf(bench)).values()].flat()).toHaveLength(1);
  });
});
