import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { canonicalForm } from './canonical-form';
import { plainData } from './plain-data';

const RUNS = { numRuns: 2_000 };

const { plain } = fc.letrec((tie) => ({
  plain: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false, '', 'n', '1;', '0:', '@0;', '"1:a', '[n]', '{}'),
    fc.integer({ min: -3, max: 3 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(20) }),
    fc.string({ unit: 'binary', maxLength: 4 }),
    fc.array(tie('plain'), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 3 }), tie('plain'), { maxKeys: 4 }),
  ),
}));

/** Reads the form back: what can be read back was never another value. */
function read(form: string): unknown {
  let at = 0;
  const upTo = (end: string): string => {
    const from = at;
    at = form.indexOf(end, from) + 1;
    return form.slice(from, at - 1);
  };
  const text = (): string => {
    at += 1;
    const length = Number(upTo(':'));
    at += length;
    return form.slice(at - length, at);
  };
  const value = (): unknown => {
    const first = form.charAt(at);
    if (first === '"') return text();
    if ('0123456789-'.includes(first)) return Number(upTo(';'));
    at += 1;
    if (first === '@') return new Date(Number(upTo(';')));
    if (first === '[') return list(']', value);
    if (first === '{') return Object.fromEntries(list('}', () => [text(), value()] as const));
    return { n: null, t: true, f: false }[first];
  };
  const list = <T>(end: string, item: () => T): T[] => {
    const items: T[] = [];
    while (form.charAt(at) !== end) items.push(item());
    at += 1;
    return items;
  };
  const found = value();
  if (at !== form.length) throw new Error(`the value ends at ${at} of ${form.length}`);
  return found;
}

/** The same with the members of each object turned round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const members = Object.entries(value).map(([name, member]) => [name, turned(member)] as const);
  return Object.fromEntries(members.reverse());
}

describe('canonicalForm', () => {
  it('writes each kind of value in its own way', () => {
    const value = { b: [1.5, -2, 'ä"', null], a: new Date(7), B: { yes: true, no: false } };
    expect(canonicalForm(value)).toBe('{"1:B{"2:nof"3:yest}"1:a@7;"1:b[1.5;-2;"2:ä"n]}');
  });

  it('can be read back, so no two values have the same', () => {
    fc.assert(
      fc.property(plain, (value) => {
        const stored = plainData(value);
        expect(read(canonicalForm(stored))).toEqual(stored);
      }),
      RUNS,
    );
  });

  it('differs for values that differ', () => {
    fc.assert(
      fc.property(plain, plain, (one, other) => {
        const [first, second] = [plainData(one), plainData(other)];
        expect(canonicalForm(first) === canonicalForm(second)).toBe(isDeepStrictEqual(first, second));
      }),
      RUNS,
    );
  });

  it('is the same in whichever order members come', () => {
    fc.assert(
      fc.property(plain, (value) => {
        const stored = plainData(value);
        expect(canonicalForm(turned(stored))).toBe(canonicalForm(stored));
      }),
      RUNS,
    );
  });

  it('orders the names of a large object as those of a small one', () => {
    const names = Array.from({ length: 40 }, (_, index) => `n${(index * 7) % 40}`);
    const form = canonicalForm(Object.fromEntries(names.map((name) => [name, null])));
    expect(form).toBe(
      `{${names
        .toSorted()
        .map((name) => `"${name.length}:${name}n`)
        .join('')}}`,
    );
  });

  it.each([[undefined], [1n], [Symbol('s')]])("has no plain value's form for %p", (value) => {
    expect(canonicalForm(value)).toBe('?');
  });
});
