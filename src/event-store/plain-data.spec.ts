import { Secret } from '../kernel/secret';
import { plainData } from './plain-data';

describe('plainData', () => {
  it('copies what may be stored', () => {
    const at = new Date('2026-01-05T08:00:00.000Z');
    const data = { at, list: [1, { deep: [null, true] }], 'cost.center': '$7' };
    const copied = plainData(data);
    expect(copied).toEqual(data);
    expect(copied.at).not.toBe(at);
    expect(copied.list[1]).not.toBe(data.list[1]);
  });

  it('brings into the stored form what a database would change', () => {
    expect(Object.keys(plainData({ a: 1, b: undefined }))).toEqual(['a']);
    expect(plainData('a\ud800b')).toBe('a\ufffdb');
    expect(Object.is(plainData(-0), 0)).toBe(true);
  });

  it('copies a member that is named like the prototype', () => {
    const data: unknown = JSON.parse('{"__proto__": {"admin": true}, "b": 1}');
    const copied = plainData(data) as object;
    expect(Object.keys(copied)).toEqual(['__proto__', 'b']);
    expect(copied).not.toHaveProperty('admin');
  });

  it.each([
    ['a secret', { token: new Secret('x') }, '/token'],
    ['not a number', { list: [0, NaN] }, '/list/1'],
    ['an invalid date', { at: new Date(NaN) }, '/at'],
    ['a map', { tags: new Map() }, '/tags'],
    ['a function', { f: () => 1 }, '/f'],
    ['nothing in a list', [undefined], '/0'],
  ])('refuses %s, and says where it is', (_what, value, path) => {
    expect(() => plainData(value)).toThrow(new TypeError(`not plain data: ${path}`));
  });
});
