import { StoreUnavailable } from '../kernel/domain-error';
import { LogFollower, type LogFollowerOptions } from './log-follower';
import { aRequest } from './testing/books';
import { memoryStore } from './testing/memory-store';

async function aFollower(commits: number, options: Partial<LogFollowerOptions> = {}) {
  const { store } = memoryStore();
  const handled: number[] = [];
  const reported: unknown[] = [];
  const add = async (count: number) => {
    for (let index = 0; index < count; index += 1) {
      await store.append(aRequest({ stream: `book-${await store.logEnd()}` }));
      await store.sequence();
    }
  };
  await add(commits);
  const follower = new LogFollower(store, {
    purpose: 'count the books',
    after: 0,
    batchSize: 2,
    handle: ({ position }) => void handled.push(position),
    report: (error, during) => reported.push([(error as Error).message, during]),
    ...options,
  });
  return { follower, handled, reported, add };
}

describe('LogFollower', () => {
  it('hands over every entry once, in order, over several batches', async () => {
    const { follower, handled, add } = await aFollower(5);
    expect(await follower.catchUp()).toBe(5);
    expect(await follower.catchUp()).toBe(0);
    await add(2);
    expect(await follower.catchUp()).toBe(2);
    expect(handled).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(follower.position).toBe(7);
  });

  it('begins after the position that it is given', async () => {
    const { follower, handled } = await aFollower(3, { after: 2 });
    expect(await follower.catchUp()).toBe(1);
    expect(handled).toEqual([3]);
  });

  it('reads all for a start, what has no position yet too, or says that it could not', async () => {
    const { store } = memoryStore();
    await store.append(aRequest());
    const options = { purpose: 'count the books', after: 0, report: () => undefined };
    const handled: number[] = [];
    await new LogFollower(store, {
      ...options,
      handle: ({ position }) => void handled.push(position),
    }).readAll();
    expect(handled).toEqual([1]);
    const failing = new LogFollower(store, { ...options, handle: () => Promise.reject(new Error('no')) });
    await expect(failing.readAll()).rejects.toThrow(new StoreUnavailable('could not count the books'));
  });

  it('stops at an entry whose handler throws, says so, and takes it up again', async () => {
    const seen: number[] = [];
    let broken = true;
    const { follower, reported } = await aFollower(3, {
      handle: ({ position }) => {
        seen.push(position);
        if (position === 2 && broken) throw new Error('no shelf');
      },
    });
    expect(await follower.catchUp()).toBe(1);
    expect(reported).toEqual([['no shelf', 'count the books']]);
    broken = false;
    expect(await follower.catchUp()).toBe(2);
    expect(seen).toEqual([1, 2, 2, 3]);
  });

  it('hands nothing over twice when it is called again meanwhile, and sees what came before that call', async () => {
    const { follower, handled, add } = await aFollower(3);
    const first = follower.catchUp();
    await add(1);
    await Promise.all([first, follower.catchUp(), follower.catchUp()]);
    expect(handled).toEqual([1, 2, 3, 4]);
  });
});
