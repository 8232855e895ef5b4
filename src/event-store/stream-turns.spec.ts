import { StoreUnavailable } from '../kernel/domain-error';
import { ManualTimers } from '../kernel/timers';
import { LONGEST_WAIT_MS, StreamTurns } from './stream-turns';

function aGate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe('StreamTurns', () => {
  it('lets work on one stream go one after the other, in the order of the calls', async () => {
    const turns = new StreamTurns();
    const gate = aGate();
    const log: string[] = [];
    const work = (name: string, wait: Promise<void>) =>
      turns.run('book-1', async () => {
        log.push(`${name} begins`);
        await wait;
        log.push(`${name} ends`);
      });
    const all = Promise.all([work('a', gate.opened), work('b', Promise.resolve()), work('c', gate.opened)]);
    await turns.run('book-2', () => Promise.resolve(void log.push('another stream')));
    gate.open();
    await all;
    expect(log).toEqual([
      'a begins',
      'another stream',
      ...['a ends', 'b begins', 'b ends', 'c begins', 'c ends'],
    ]);
  });

  it('goes on after work that failed, whose error is told to its caller alone', async () => {
    const turns = new StreamTurns();
    const told = await Promise.allSettled([
      turns.run('book-1', () => Promise.reject(new Error('no shelf'))),
      turns.run('book-1', () => Promise.resolve('B')),
    ]);
    expect(told).toEqual([
      { status: 'rejected', reason: new Error('no shelf') },
      { status: 'fulfilled', value: 'B' },
    ]);
  });

  it('keeps nothing of streams without work', async () => {
    const turns = new StreamTurns();
    const gate = aGate();
    const all = [1, 2, 3].map((n) => turns.run(`book-${n % 2}`, () => gate.opened));
    expect(turns.size).toBe(2);
    gate.open();
    await Promise.all(all);
    expect(turns.size).toBe(0);
  });

  it('refuses what waited too long, which never begins then, and lets what has begun go on', async () => {
    const timers = new ManualTimers();
    const turns = new StreamTurns(timers);
    const gate = aGate();
    const begun: number[] = [];
    const first = turns.run('book-1', () => gate.opened.then(() => 'stored'));
    const waiting = Promise.allSettled(
      [1, 2].map((n) => turns.run('book-1', () => Promise.resolve(begun.push(n)))),
    );
    // the first one has its turn by now
    await turns.run('book-2', () => Promise.resolve());
    timers.advance(LONGEST_WAIT_MS - 1);
    const last = turns.run('book-1', () => Promise.resolve(begun.push(3)));
    timers.advance(1);
    expect(await waiting).toEqual(
      [1, 2].map(() => ({ status: 'rejected', reason: expect.any(StoreUnavailable) as unknown })),
    );
    gate.open();
    expect(await Promise.all([first, last])).toEqual(['stored', 1]);
    expect(begun).toEqual([3]);
    expect([turns.size, timers.pending]).toEqual([0, 0]);
  });
});
