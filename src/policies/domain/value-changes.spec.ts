import fc from 'fast-check';
import { type Plain } from './policy-details';
import { changesBetween } from './value-changes';

describe('the changes between two values', () => {
  it('are told by pointers, as far down as both are objects', () => {
    const before = { a: 1, b: { c: [1, 2], d: null, 'e/f~': true }, g: 'x' };
    const after = { a: 1, b: { c: [2, 1], d: false, 'e/f~': false }, h: { i: 1 } };
    expect(changesBetween(before, after)).toEqual([
      { pointer: '/b/c', before: [1, 2], after: [2, 1] },
      { pointer: '/b/d', before: null, after: false },
      { pointer: '/b/e~1f~0', before: true, after: false },
      { pointer: '/g', before: 'x', after: undefined },
      { pointer: '/h', before: undefined, after: { i: 1 } },
    ]);
  });

  it('are none for members in another order, and for no other value', () => {
    const list = [{ name: 'a', days: ['mon'] }];
    const mixed = [{ days: ['mon'], name: 'a' }];
    expect(changesBetween({ list, x: 0 }, { x: 0, list: mixed })).toEqual([]);
    expect(changesBetween({ x: 0 }, { x: null })).toHaveLength(1);
    expect(changesBetween({ x: [] }, { x: {} })).toHaveLength(1);
  });

  const values = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 })) as fc.Arbitrary<
    Record<string, Plain>
  >;

  it('are none with itself, and the same the other way round', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(changesBetween(a, structuredClone(a))).toEqual([]);
        const back = changesBetween(b, a).map((it) => ({ ...it, before: it.after, after: it.before }));
        expect(changesBetween(a, b)).toEqual(back);
      }),
    );
  });
});
