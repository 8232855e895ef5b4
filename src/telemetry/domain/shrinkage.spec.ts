import { MINUTE, plus } from '../../kernel/clocks';
import { shrinkage } from './shrinkage';

const AT = new Date('2026-03-02T09:00:00.000Z');
const LATER = plus(AT, MINUTE);
const had = (size: number | null) => ({ size, shrunk: null });
const count = (shown: number, missing = 100) => ({ shown, missing });

describe('a region that shrank', () => {
  it.each([
    ['by more than the share and more than a few', 100, 79, { from: 100, to: 79, at: AT }],
    ['by the share exactly', 100, 80, null],
    ['by a large share of few', 10, 0, null],
    ['by eleven of eleven', 11, 0, { from: 11, to: 0, at: AT }],
    ['not at all', 100, 100, null],
    ['the other way', 100, 400, null],
  ])('%s: %s to %s', (_how, from, to, expected) => {
    expect(shrinkage(had(from), count(to), AT, 20)).toEqual(expected);
  });

  it('has no size to shrink from before its first complete listing', () => {
    expect(shrinkage(undefined, count(0), AT, 20)).toBeNull();
    expect(shrinkage(had(null), count(0), AT, 20)).toBeNull();
  });

  it('stays so, from when it was first seen, while the later listings count less', () => {
    const shrunk = { from: 100, to: 50, at: AT };
    expect(shrinkage({ size: 50, shrunk }, count(60), LATER, 20)).toEqual({ from: 100, to: 60, at: AT });
  });

  it('is over when most are there again, or none is missing any more', () => {
    const shrunk = { from: 100, to: 50, at: AT };
    expect(shrinkage({ size: 50, shrunk }, count(80), LATER, 20)).toBeNull();
    expect(shrinkage({ size: 50, shrunk }, count(50, 1), LATER, 20)).not.toBeNull();
    expect(shrinkage({ size: 50, shrunk }, count(50, 0), LATER, 20)).toBeNull();
  });
});
