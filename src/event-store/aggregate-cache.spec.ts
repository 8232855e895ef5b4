import { AggregateCache } from './aggregate-cache';

function known(version: number) {
  return { state: { version }, head: { version, at: null, hash: `k1:${version}` }, first: version };
}

describe('AggregateCache', () => {
  it('keeps the newer of two states', () => {
    const cache = new AggregateCache<object>();
    cache.keep('book-b1', known(2));
    cache.keep('book-b1', known(1));
    expect(cache.get('book-b1')).toEqual(known(2));
    cache.keep('book-b1', known(3));
    expect(cache.get('book-b1')).toEqual(known(3));
    cache.forget('book-b1');
    expect(cache.get('book-b1')).toBeNull();
  });

  it('gives up what was not asked for the longest time', () => {
    const cache = new AggregateCache<object>(2);
    cache.keep('a', known(1));
    cache.keep('b', known(1));
    cache.get('a');
    cache.keep('c', known(1));
    expect(['a', 'b', 'c'].map((stream) => cache.get(stream) !== null)).toEqual([true, false, true]);
  });
});
