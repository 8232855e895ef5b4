import { MINUTE, plus } from '../../kernel/clocks';
import { continued, type SignalInterval, type SignalValue } from './signal';

const START = new Date('2026-03-02T09:00:00.000Z');
const at = (minutes: number) => plus(START, minutes * MINUTE);

/** The interval after readings at these minutes; at most three minutes may lie between two of them. */
function after(...readings: [minute: number, value: SignalValue][]) {
  return readings.reduce<SignalInterval | undefined>(
    (current, [minute, value]) =>
      continued(current, { workerId: 'w1', signal: 'labs', value, at: at(minute) }, 3 * MINUTE),
    undefined,
  );
}
const interval = (given: Partial<SignalInterval>) => ({
  workerId: 'w1',
  signal: 'labs',
  value: 'idle',
  from: at(0),
  to: at(0),
  readings: 1,
  longestGapMs: 0,
  ...given,
});

describe('an interval', () => {
  it('begins with one reading, and goes on while the value stays', () => {
    expect(after([0, 'idle'])).toEqual(interval({}));
    expect(after([0, 'idle'], [1, 'idle'], [4, 'idle'], [5, 'idle'])).toEqual(
      interval({ to: at(5), readings: 4, longestGapMs: 3 * MINUTE }),
    );
  });

  it('ends when the value changes, and when readings are too far apart', () => {
    expect(after([0, 'idle'], [1, 'active'])).toEqual(interval({ value: 'active', from: at(1), to: at(1) }));
    expect(after([0, 'idle'], [3.1, 'idle'])).toEqual(interval({ from: at(3.1), to: at(3.1) }));
  });

  it('does not take the same reading twice', () => {
    expect(after([0, 'idle'], [1, 'idle'], [1, 'idle'], [0.5, 'idle'])).toEqual(
      interval({ to: at(1), readings: 2, longestGapMs: MINUTE }),
    );
  });
});
