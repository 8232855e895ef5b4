import fc from 'fast-check';
import { chooseWorker, type PoolWorker, READINESS } from './worker-choice';

const worker = (id: string, given: Partial<PoolWorker> = {}): PoolWorker => ({
  ...{ id, name: id, tags: { pool: 'yes' }, readiness: 'available', users: [] },
  ...given,
});
const ANY = { userId: 'user:ann', tags: [{ key: 'pool', value: 'yes' }] };
const choose = (pool: readonly PoolWorker[], capacity = 1, wanted = ANY) => {
  const { workers, message } = chooseWorker(wanted, pool, capacity);
  return { ids: workers.map(({ id }) => id), message };
};

describe('the choice of a worker', () => {
  it('takes one that can be used before one that boots, and that before one that must be started', () => {
    const pool = [
      worker('a', { readiness: 'stopped' }),
      worker('b', { readiness: 'booting' }),
      worker('c', { users: ['user:bob'] }),
      worker('d', { readiness: 'none' }),
    ];
    expect(choose(pool, 2).ids).toEqual(['c', 'b', 'a']);
  });

  it('takes the one with the fewest users, then by name, whatever its case', () => {
    const pool = [
      worker('Z'),
      worker('b', { users: ['x'] }),
      worker('a', { users: ['x', 'x'] }),
      worker('y'),
    ];
    expect(choose(pool, 2).ids).toEqual(['y', 'Z', 'a', 'b']);
  });

  it('takes only what carries all tags', () => {
    const tags = [...ANY.tags, { key: 'course', value: 'bgp' }];
    const pool = [worker('a'), worker('b', { tags: { pool: 'yes', course: 'bgp' } })];
    expect(choose(pool, 1, { ...ANY, tags }).ids).toEqual(['b']);
  });

  it('does not give somebody a worker that he has', () => {
    expect(choose([worker('a', { users: ['user:ann'] })], 5).ids).toEqual([]);
  });

  it.each([
    [[], /No worker has what is asked for/],
    [[worker('a', { tags: {} })], /No worker has what is asked for/],
    [[worker('a', { readiness: 'none' as const })], /neither used nor started/],
    [[worker('a', { users: ['user:bob'] })], /All workers that fit are taken/],
  ])('says why there is none: %j', (pool, message) => {
    expect(choose(pool)).toEqual({ ids: [], message: expect.stringMatching(message) as string });
  });

  it('does not depend on the order in which workers are listed', () => {
    const any = fc.record({
      ...{ id: fc.uuid(), name: fc.constantFrom('a', 'A', 'b'), tags: fc.constant({ pool: 'yes' }) },
      ...{
        readiness: fc.constantFrom(...READINESS),
        users: fc.array(fc.constantFrom('p', 'q'), { maxLength: 2 }),
      },
    });
    const pools = fc
      .uniqueArray(any, { selector: ({ id }) => id, maxLength: 8 })
      .chain((pool) =>
        fc.tuple(
          fc.constant(pool),
          fc.shuffledSubarray(pool, { minLength: pool.length, maxLength: pool.length }),
        ),
      );
    fc.assert(
      fc.property(pools, ([pool, shuffled]) => expect(choose(shuffled, 3)).toEqual(choose(pool, 3))),
      { numRuns: 200 },
    );
  });
});
