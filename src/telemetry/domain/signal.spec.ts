import { MINUTE, plus, SECOND } from '../../kernel/clocks';
import { continued, GAPS_AT_MOST, type SignalInterval, type SignalTrail, type SignalValue } from './signal';

const START = new Date('2026-03-02T09:00:00.000Z');
const at = (minutes: number) => plus(START, minutes * MINUTE);

const READING = { workerId: 'w1', signal: 'labs', value: 'idle' } as const;
const LIMITS = { longestGapMs: 3 * MINUTE, usualGapMs: 1.5 * MINUTE };
/** Each reading is stored two seconds after it was begun. */
const storedAt = (minute: number) => plus(at(minute), 2 * SECOND);

/** The interval after readings at these minutes; at most three minutes may lie between two of them. */
function after(...readings: [minute: number, value: SignalValue][]) {
  return readings.reduce<SignalInterval | undefined>(
    (current, [minute, value]) =>
      continued(current, { ...READING, value, at: at(minute) }, LIMITS, storedAt(minute)),
    undefined,
  );
}
type Given = Omit<Partial<SignalInterval>, 'trail'> & { trail?: Partial<SignalTrail> };
const interval = ({ trail, ...given }: Given) => ({
  workerId: 'w1',
  signal: 'labs',
  value: 'idle',
  from: at(0),
  to: at(0),
  readings: 1,
  longestGapMs: 0,
  ...given,
  trail: { knownAt: storedAt(0), confirmedAt: null, gaps: [], failed: false, ...trail },
});

describe('an interval', () => {
  it('begins with one reading, and goes on while the value stays', () => {
    expect(after([0, 'idle'])).toEqual(interval({}));
    const missed = { from: at(1), until: storedAt(4) };
    expect(after([0, 'idle'], [1, 'idle'], [4, 'idle'], [5, 'idle'])).toEqual(
      interval({
        ...{ to: at(5), readings: 4, longestGapMs: 3 * MINUTE },
        trail: { confirmedAt: storedAt(1), gaps: [missed] },
      }),
    );
  });

  it('ends when the value changes, and when readings are too far apart', () => {
    const active = { value: 'active', from: at(1), to: at(1), trail: { knownAt: storedAt(1) } } as const;
    expect(after([0, 'idle'], [1, 'active'])).toEqual(interval(active));
    const apart = { from: at(3.1), to: at(3.1), trail: { knownAt: storedAt(3.1) } };
    expect(after([0, 'idle'], [3.1, 'idle'])).toEqual(interval(apart));
  });

  it('does not take the same reading twice', () => {
    expect(after([0, 'idle'], [1, 'idle'], [1, 'idle'], [0.5, 'idle'])).toEqual(
      interval({ to: at(1), readings: 2, longestGapMs: MINUTE, trail: { confirmedAt: storedAt(1) } }),
    );
  });

  it('ends where reading fails, and where it succeeds again, though the value stays unknown', () => {
    const first = after([0, 'unknown']);
    const read = (minute: number, failed: boolean) =>
      continued(first, { ...READING, value: 'unknown', at: at(minute), failed }, LIMITS, storedAt(minute));
    expect(read(1, false).from).toEqual(at(0));
    expect(read(1, true)).toMatchObject({ from: at(1), trail: { failed: true } });
  });

  it('notes so many gaps and no more, however long it goes on', () => {
    const readings = Array.from({ length: 40 }, (_, index): [number, SignalValue] => [2 * index, 'idle']);
    const { readings: count, trail } = after(...readings) ?? {};
    expect([count, trail?.gaps.length, GAPS_AT_MOST]).toEqual([40, 24, 24]);
    expect(trail?.gaps[23]).toEqual({ from: at(46), until: storedAt(48) });
  });

  it('goes on as it was where an earlier version began it', () => {
    const { trail: _, ...bare } = interval({});
    const old = bare as SignalInterval;
    const next = continued(old, { ...READING, at: at(2), failed: true }, LIMITS, storedAt(2));
    expect(next).toEqual({ ...old, to: at(2), readings: 2, longestGapMs: 2 * MINUTE });
  });
});
