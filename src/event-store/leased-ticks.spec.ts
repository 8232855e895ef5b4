import { ManualClock } from '../kernel/clocks';
import { LeaseOwner } from './lease-owner';
import { LeasedTicks } from './leased-ticks';
import { MemoryLeases } from './memory/memory-leases';

const clock = new ManualClock(new Date('2026-03-01T00:00:00Z'));

/** Ticks of two replicas that share the leases. */
function twoReplicas() {
  const leases = new MemoryLeases(clock);
  const reported: string[] = [];
  const replica = (name: string) =>
    new LeasedTicks(leases, new LeaseOwner(name), clock, (error, during) => {
      reported.push(`${String(error)}, during ${during}`);
    });
  return { leases, reported, first: replica('first'), second: replica('second') };
}

describe('a leased tick', () => {
  afterEach(() => jest.useRealTimers());

  it('is taken by one replica at a time, and by the other one right after it', async () => {
    const { first, second } = twoReplicas();
    const turns: string[] = [];
    let finish = () => {};
    const long = first.tick('sweep', () => {
      turns.push('first');
      return new Promise<void>((done) => (finish = done));
    });
    const other = second.tick('sweep', () => Promise.resolve(turns.push('second')));
    const running = long.run();
    await other.run();
    expect(turns).toEqual(['first']);
    finish();
    await running;
    await other.run();
    expect(turns).toEqual(['first', 'second']);
  });

  it('keeps its lease for as long as the turn takes', async () => {
    jest.useFakeTimers();
    const { first, second } = twoReplicas();
    let finish = () => {};
    const running = first.tick('sweep', () => new Promise<void>((done) => (finish = done))).run();
    const others: number[] = [];
    for (let seconds = 0; seconds < 30; seconds += 3) {
      clock.advance(3_000);
      await jest.advanceTimersByTimeAsync(3_000);
      await second.tick('sweep', () => Promise.resolve(others.push(seconds))).run();
    }
    expect(others).toEqual([]);
    finish();
    await running;
  });

  it('gives the lease back when the work fails, and reports why', async () => {
    const { first, second, reported } = twoReplicas();
    await first.tick('sweep', () => Promise.reject(new Error('no'))).run();
    let turns = 0;
    await second.tick('sweep', () => Promise.resolve((turns += 1))).run();
    expect(turns).toBe(1);
    expect(reported).toEqual(['Error: no, during run the tick sweep; the next one comes all the same']);
  });
});
