import { EMPTY, headAfter } from './commit-chain';
import { LogTail } from './log-tail';
import { aRequest } from './testing/books';
import { memoryStore } from './testing/memory-store';

async function aTail() {
  const { store } = memoryStore();
  const reported: unknown[] = [];
  const tail = new LogTail(store, (error) => reported.push(error));
  let head = EMPTY;
  let count = 0;
  const write = async (commits: number) => {
    for (let index = 0; index < commits; index += 1) {
      count += 1;
      head = headAfter(await store.append(aRequest({ head, commandId: `c-${count}` })));
    }
    await store.sequence();
  };
  await write(3);
  await tail.open();
  const positions = async (after: number, limit: number) =>
    (await tail.read(after, limit)).map(({ position }) => position);
  return { store, tail, write, positions, reported };
}

describe('LogTail', () => {
  it('begins at the end, and still answers what is before it', async () => {
    const { tail, positions } = await aTail();
    expect(tail.end).toBe(3);
    expect(await positions(0, 10)).toEqual([1, 2, 3]);
    expect(await positions(3, 10)).toEqual([]);
  });

  it('answers the newest from memory, older ones from the store, without a gap between', async () => {
    const { store, tail, write, positions } = await aTail();
    await write(4);
    expect(await positions(3, 10)).toEqual([]);
    await tail.refresh();
    const reads = jest.spyOn(store, 'readLog');
    expect(await positions(3, 10)).toEqual([4, 5, 6, 7]);
    expect(await positions(4, 2)).toEqual([5, 6]);
    expect(reads).not.toHaveBeenCalled();
    expect(await positions(1, 3)).toEqual([2, 3, 4]);
    expect(reads).toHaveBeenCalledTimes(1);
  });

  it('keeps a bounded number of entries, and reads those before from the store', async () => {
    const { store, tail, write, positions } = await aTail();
    await write(2_100);
    await tail.refresh();
    const reads = jest.spyOn(store, 'readLog');
    expect(await positions(2_100, 10)).toEqual([2_101, 2_102, 2_103]);
    expect(reads).not.toHaveBeenCalled();
    expect(await positions(50, 2)).toEqual([51, 52]);
    expect(reads).toHaveBeenCalledTimes(1);
  });

  it('tells listeners that the log has grown, until they end it', async () => {
    const { tail, write } = await aTail();
    const told: number[] = [];
    const end = tail.listen(() => told.push(tail.end));
    await tail.refresh();
    await write(1);
    await tail.refresh();
    end();
    await write(1);
    await tail.refresh();
    expect(told).toEqual([4]);
    expect(tail.end).toBe(5);
  });

  it('reports an error and goes on at the same place', async () => {
    const { store, tail, write, positions, reported } = await aTail();
    await write(1);
    jest.spyOn(store, 'readLog').mockRejectedValueOnce(new Error('away'));
    await tail.refresh();
    expect([tail.end, reported]).toEqual([3, [new Error('away')]]);
    await tail.open();
    expect(await positions(3, 10)).toEqual([4]);
  });
});
