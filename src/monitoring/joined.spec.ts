import { Joined } from './joined';

describe('a reading that several ask for', () => {
  let now = 0;
  let reads = 0;
  let answer: () => Promise<number>;
  const warnings: string[] = [];
  const warn = (err: unknown, message: string) => void warnings.push(`${String(err)}: ${message}`);
  const joined = new Joined(
    'it',
    () => ((reads += 1), answer()),
    () => now,
    warn,
  );
  beforeEach(() => {
    now += 60_000;
    reads = 0;
    answer = () => Promise.resolve(reads);
  });

  it('is made once for those who ask at the same moment, and anew for the next', async () => {
    expect(await Promise.all([joined.get(), joined.get(), joined.get()])).toEqual([1, 1, 1]);
    expect(await joined.get()).toBe(2);
  });

  it('is not made again before it is so old, for whoever takes an older one', async () => {
    expect(await joined.get(5_000)).toBe(1);
    now += 4_999;
    expect(await joined.get(5_000)).toBe(1);
    now += 1;
    expect(await joined.get(5_000)).toBe(2);
  });

  it('is made again after the clock was set back, since nobody knows how old it is', async () => {
    expect(await joined.get(5_000)).toBe(1);
    now -= 1;
    expect([await joined.get(5_000), await joined.get(5_000)]).toEqual([2, 2]);
  });

  it('is null where it cannot be made, and is tried again by whoever takes no older one', async () => {
    answer = () => Promise.reject(new Error('away'));
    expect(await joined.get()).toBeNull();
    expect(warnings).toEqual(['Error: away: it could not be read for metrics or health checks']);
    answer = () => Promise.resolve(7);
    expect(await joined.get()).toBe(7);
  });

  it('is not tried again before the failure is so old, however long that took', async () => {
    answer = () => ((now += 9_000), Promise.reject(new Error('away')));
    expect(await joined.get(5_000)).toBeNull();
    now += 4_999;
    expect([await joined.get(5_000), await joined.get(5_000), reads]).toEqual([null, null, 1]);
    now += 1;
    answer = () => Promise.resolve(7);
    expect(await joined.get(5_000)).toBe(7);
  });
});
