import { ManualClock, MINUTE, SECOND } from '../kernel/clocks';
import { RateLimitStorage } from './rate-limit.storage';

describe('RateLimitStorage', () => {
  const clock = new ManualClock(new Date('2027-01-01T12:00:00Z'));
  let storage: RateLimitStorage;
  beforeEach(() => {
    storage = new RateLimitStorage(clock);
  });

  it('counts in windows that begin with the first request of each caller', () => {
    expect(storage.hit('a', MINUTE)).toEqual({ totalHits: 1, timeToExpire: 60 });
    clock.advance(59 * SECOND);
    expect(storage.hit('a', MINUTE)).toEqual({ totalHits: 2, timeToExpire: 1 });
    expect(storage.hit('b', MINUTE)).toEqual({ totalHits: 1, timeToExpire: 60 });
    expect(storage.peek('a')).toEqual({ hits: 2, seconds: 1 });
    clock.advance(SECOND);
    expect(storage.peek('a')).toEqual({ hits: 0, seconds: 0 });
    expect(storage.hit('a', MINUTE)).toEqual({ totalHits: 1, timeToExpire: 60 });
    expect(storage.peek('b')).toEqual({ hits: 1, seconds: 59 });
  });

  it('does not count by looking', () => {
    expect(storage.peek('a')).toEqual({ hits: 0, seconds: 0 });
    expect(storage.size).toBe(0);
  });

  it('remembers nobody whose window is over, whatever came between', () => {
    for (const caller of ['a', 'b', 'c']) {
      storage.hit(caller, MINUTE);
      clock.advance(20 * SECOND);
    }
    expect(storage.size).toBe(3);
    storage.hit('a', MINUTE);
    expect(storage.size).toBe(3);
    clock.advance(40 * SECOND);
    storage.hit('d', MINUTE);
    // b's and c's ended, a's second one goes on
    expect(storage.size).toBe(2);
    expect(storage.peek('a').hits).toBe(1);
  });
});
