import { HOUR, MINUTE } from '../../kernel/clocks';
import { endOf, seriesOf, stepsBetween } from './metric-series';

const time = (text: string) => new Date(`2026-${text}:00.000Z`);

describe('steps', () => {
  it('begin at multiples of their length since 1970, at `from` or later and before `to`', () => {
    const range = stepsBetween(time('03-02T09:01'), time('03-02T09:25'), 10 * MINUTE);
    expect(range).toEqual({ from: time('03-02T09:10'), stepMs: 10 * MINUTE, count: 2 });
    expect(endOf(range)).toEqual(time('03-02T09:30'));
    const even = stepsBetween(time('03-02T09:10'), time('03-02T09:30'), 10 * MINUTE);
    expect(even).toEqual({ from: time('03-02T09:10'), stepMs: 10 * MINUTE, count: 2 });
  });

  it('are none where none begins in between', () => {
    expect(stepsBetween(time('03-02T09:11'), time('03-02T09:20'), 10 * MINUTE).count).toBe(0);
  });

  it('are as long as each other where clocks on walls are put forward: 29 March 2026', () => {
    const range = stepsBetween(time('03-29T00:00'), time('03-30T00:00'), HOUR);
    expect([range.count, endOf(range)]).toEqual([24, time('03-30T00:00')]);
    const days = stepsBetween(time('03-28T12:00'), time('03-31T12:00'), 24 * HOUR);
    expect([days.from, days.count]).toEqual([time('03-29T00:00'), 3]);
  });
});

describe('a series', () => {
  it('has a point for each step, with null for those that have none', () => {
    const range = stepsBetween(time('03-02T09:00'), time('03-02T12:00'), HOUR);
    const step = { at: time('03-02T10:00'), average: 0, minimum: 0, maximum: 0 };
    const gap = { average: null, minimum: null, maximum: null };
    expect(seriesOf([step], range)).toEqual([
      { at: time('03-02T09:00'), ...gap },
      step,
      { at: time('03-02T11:00'), ...gap },
    ]);
  });
});
