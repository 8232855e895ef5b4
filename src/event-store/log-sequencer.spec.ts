import { LogSequencer } from './log-sequencer';
import { LogTail } from './log-tail';
import { aRequest } from './testing/books';
import { memoryStore } from './testing/memory-store';

describe('LogSequencer', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function aSequencer() {
    const { store, signal } = memoryStore();
    const reported: unknown[] = [];
    const report = (error: unknown, during: string) => void reported.push([error, during]);
    const tail = new LogTail(store, report);
    const sequencer = new LogSequencer(store, signal, tail, report);
    return { store, tail, sequencer, reported };
  }

  it('places commits together, soon after the first of them', async () => {
    const { store, sequencer } = aSequencer();
    const sequence = jest.spyOn(store, 'sequence');
    sequencer.start();
    for (const stream of ['book-b1', 'book-b2', 'book-b3']) {
      await store.append(aRequest({ stream }));
      await jest.advanceTimersByTimeAsync(20);
    }
    expect(await store.logEnd()).toBe(3);
    await jest.advanceTimersByTimeAsync(200);
    await sequencer.stop();
    expect(sequence).toHaveBeenCalledTimes(1);
  });

  it('places at its stop what it was still to place', async () => {
    const { store, tail, sequencer } = aSequencer();
    sequencer.start();
    await store.append(aRequest());
    await sequencer.stop();
    expect(await store.logEnd()).toBe(1);
    expect(tail.end).toBe(1);
  });

  it('places what nobody told it about every 500 ms, until it is stopped', async () => {
    const { store, sequencer } = aSequencer();
    await store.append(aRequest());
    sequencer.start();
    await jest.advanceTimersByTimeAsync(499);
    expect(await store.logEnd()).toBe(0);
    await jest.advanceTimersByTimeAsync(1);
    expect(await store.logEnd()).toBe(1);

    await sequencer.stop();
    await store.append(aRequest({ stream: 'book-b2' }));
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await store.logEnd()).toBe(1);
  });

  it('reports an error and goes on', async () => {
    const { store, sequencer, reported } = aSequencer();
    const broken = new Error('broken');
    jest.spyOn(store, 'sequence').mockRejectedValueOnce(broken);
    await store.append(aRequest());
    sequencer.start();
    await jest.advanceTimersByTimeAsync(500);
    expect(reported).toEqual([[broken, 'place commits in the log']]);
    await jest.advanceTimersByTimeAsync(500);
    expect(await store.logEnd()).toBe(1);
    await sequencer.stop();
  });
});
