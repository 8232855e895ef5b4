import { MINUTE, plus } from '../../kernel/clocks';
import { type SignalHistory } from '../domain/ports';
import { type SignalInterval } from '../domain/signal';

const START = new Date('2026-03-02T09:00:00.000Z');
const at = (minutes: number) => plus(START, minutes * MINUTE);
const interval = (from: number, to: number, given: Partial<SignalInterval> = {}): SignalInterval => ({
  workerId: 'w1',
  signal: 'labs',
  value: 'idle',
  from: at(from),
  to: at(to),
  readings: 2,
  longestGapMs: MINUTE,
  ...given,
});

/** What every SignalHistory does; `open` answers an empty one. */
export function signalHistoryContract(kind: string, open: () => Promise<SignalHistory>): void {
  describe(`${kind} signal history`, () => {
    let history: SignalHistory;
    beforeEach(async () => {
      history = await open();
    });

    it('answers the interval that each signal is in', async () => {
      const cpu = interval(0, 9, { signal: 'cpu', value: 'active' });
      const other = interval(3, 4, { workerId: 'w2' });
      await history.save([interval(5, 6), interval(0, 4), cpu, other]);
      expect(await history.current(['w1', 'w2', 'w3'])).toEqual(
        new Map([
          ['w1', new Map<string, unknown>([['labs', interval(5, 6)]]).set('cpu', cpu)],
          ['w2', new Map([['labs', other]])],
          ['w3', new Map()],
        ]),
      );
    });

    it('replaces an interval by a longer one of the same start, never by a shorter one', async () => {
      await history.save([interval(0, 2)]);
      await history.save([interval(0, 5, { readings: 5 })]);
      await history.save([interval(0, 3)]);
      await history.save([]);
      const found = await history.between('w1', at(0), at(9));
      expect(found).toEqual([interval(0, 5, { readings: 5 })]);
    });

    it('answers the interval of some signals only, the latest of those that began one after the other', async () => {
      const begun = (from: number, value: 'idle' | 'active') => interval(from, from, { value, readings: 1 });
      await history.save([begun(0, 'idle'), interval(0, 0, { signal: 'cpu', readings: 1 })]);
      await history.save([begun(2, 'active')]);
      await history.save([begun(4, 'idle')]);
      const labs = new Map([['labs', begun(4, 'idle')]]);
      expect(await history.current(['w1'], ['labs'])).toEqual(new Map([['w1', labs]]));
      expect(await history.current(['w1'], ['ec2'])).toEqual(new Map([['w1', new Map()]]));
    });

    it('prolongs many at once, by one reading and its gap', async () => {
      const workers = Array.from({ length: 40 }, (_, index) => `w${index}`);
      const again = workers.map((workerId, index) => {
        const before = interval(0, 2, { workerId, longestGapMs: index * MINUTE });
        const gap = Math.max(index, 5) * MINUTE;
        return { before, after: { ...before, to: at(7), readings: 3, longestGapMs: gap } };
      });
      await history.save(again.map(({ before }) => before));
      await history.prolong(again);
      await history.prolong([]);
      const found = await history.current(workers, ['labs']);
      expect(workers.map((id) => found.get(id)?.get('labs'))).toEqual(again.map(({ after }) => after));
    });

    it('keeps the trail, and prolongs it together with the interval', async () => {
      const trail = { knownAt: at(0), confirmedAt: null, gaps: [], failed: false, newestActivityAt: at(-9) };
      const gap = { from: at(0), until: at(2) };
      const again = Array.from({ length: 40 }, (_, index) => {
        const before = interval(0, 0, { workerId: `w${index}`, readings: 1, longestGapMs: 0, trail });
        const noted = index % 2 === 0 ? [gap] : [];
        const grown = { ...trail, confirmedAt: at(2), gaps: noted };
        return {
          before,
          after: { ...before, to: at(2), readings: 2, longestGapMs: 2 * MINUTE, trail: grown },
        };
      });
      await history.save(again.map(({ before }) => before));
      await history.prolong(again);
      const found = await history.current(
        again.map(({ before }) => before.workerId),
        ['labs'],
      );
      expect([...found.values()].map((signals) => signals.get('labs'))).toEqual(
        again.map(({ after }) => after),
      );
    });

    it('prolongs nothing that somebody else has prolonged further', async () => {
      const workers = Array.from({ length: 40 }, (_, index) => `w${index}`);
      const before = workers.map((workerId) => interval(0, 2, { workerId }));
      const further = interval(0, 9, { workerId: 'w3', readings: 8 });
      await history.save([...before, further]);
      await history.prolong(
        before.map((one) => ({ before: one, after: { ...one, to: at(3), readings: 3 } })),
      );
      const found = await history.current(workers, ['labs']);
      expect(found.get('w3')?.get('labs')).toEqual(further);
      expect(found.get('w4')?.get('labs')).toEqual(interval(0, 3, { workerId: 'w4', readings: 3 }));
    });

    it('finds the intervals of a worker that overlap a time, oldest first', async () => {
      const cpu = interval(4, 6, { signal: 'cpu' });
      await history.save([interval(8, 9), interval(4, 6), interval(0, 3), cpu]);
      await history.save([interval(5, 5, { workerId: 'w2' })]);
      const found = await history.between('w1', at(3), at(7));
      expect(found).toEqual([interval(0, 3), cpu, interval(4, 6)]);
      expect(await history.between('w1', at(3.1), at(3.9))).toEqual([]);
    });
  });
}
