import { tickGrid } from './tick-grid';

const time = (text: string) => Date.parse(`2027-01-15T${text}Z`);

describe('the turns of a cron expression', () => {
  it.each([
    ['* * * * *', '08:00:00.000', '08:00:00.000'],
    ['* * * * *', '08:00:00.001', '08:01:00.000'],
    ['*/5 * * * *', '08:05:00.000', '08:05:00.000'],
    ['*/5 * * * *', '08:05:00.001', '08:10:00.000'],
    ['*/5 * * * *', '08:59:59.999', '09:00:00.000'],
    // with seconds
    ['*/20 * * * * *', '08:00:20.000', '08:00:20.000'],
    ['*/20 * * * * *', '08:00:20.001', '08:00:40.000'],
    ['*/20 * * * * *', '08:00:40.500', '08:01:00.000'],
    ['30 */5 * * * *', '08:00:30.001', '08:05:30.000'],
  ])('%s: from %s on the first is at %s', (cron, from, turn) => {
    expect(new Date(tickGrid(cron).atOrAfter(time(from)))).toEqual(new Date(time(turn)));
  });

  it.each(['*/5 * * * *', '30 */5 * * * *'])('go on over the end of a day: %s', (cron) => {
    const grid = tickGrid(cron);
    const after = grid.atOrAfter(time('23:55:30.001'));
    expect(after - Date.parse('2027-01-16T00:00:00Z')).toBe(cron.startsWith('30') ? 30_000 : 0);
  });

  it('may be days apart', () => {
    expect(new Date(tickGrid('0 6 * * 1').atOrAfter(time('08:00:00')))).toEqual(
      new Date('2027-01-18T06:00:00Z'),
    );
  });
});
