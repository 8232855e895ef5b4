import { OneAtATime } from './one-at-a-time';

/** Work whose runs the test ends one by one. */
function heldWork() {
  const runs: { resolve: (value: number) => void; reject: (error: Error) => void }[] = [];
  const work = new OneAtATime(() => new Promise<number>((resolve, reject) => runs.push({ resolve, reject })));
  return { runs, work };
}

describe('OneAtATime', () => {
  it('serves all calls during a run by one run after it', async () => {
    const { runs, work } = heldWork();
    const first = work.run();
    const later = [work.run(), work.run()];
    expect(runs).toHaveLength(1);
    runs[0]?.resolve(1);
    expect(await first).toBe(1);
    await new Promise(setImmediate);
    expect(runs).toHaveLength(2);
    runs[1]?.resolve(2);
    expect(await Promise.all(later)).toEqual([2, 2]);
  });

  it('goes on after an error, which only the callers of that run get', async () => {
    const { runs, work } = heldWork();
    const [first, second] = [work.run(), work.run()];
    runs[0]?.reject(new Error('broken'));
    await expect(first).rejects.toThrow('broken');
    await new Promise(setImmediate);
    runs[1]?.resolve(2);
    expect(await second).toBe(2);
  });

  it('is idle when nothing runs or waits', async () => {
    const { runs, work } = heldWork();
    await work.idle();
    const called = [work.run(), work.run()];
    let idle = false;
    const end = work.idle().then(() => (idle = true));
    runs[0]?.resolve(1);
    await new Promise(setImmediate);
    expect(idle).toBe(false);
    runs[1]?.resolve(2);
    await end;
    await Promise.all(called);
  });
});
