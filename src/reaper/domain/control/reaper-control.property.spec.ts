import fc from 'fast-check';
import { MINUTE, plus } from '../../../kernel/clocks';
import { aBudgeted, NO_RULES } from '../../testing/control-bench';
import { REAPER_CONTROL_ID, ReaperControl } from './reaper-control';
import { allowedOf } from './budget-scopes';

const NOON = new Date('2027-01-15T12:00:00.000Z');
const RUNNING = 30;

const budget = fc.record({
  stops: fc.option(fc.integer({ min: 1, max: 8 })),
  sharePercent: fc.option(fc.integer({ min: 1, max: 100 })),
  windowMinutes: fc.integer({ min: 1, max: 240 }),
});

/** What happens next: after so many minutes, by the clock of a replica that is so many seconds ahead. */
const step = fc.record({
  minutes: fc.constantFrom(0, 0, 1, 7, 30, 60),
  aheadSeconds: fc.constantFrom(0, 0, 5, 40),
  region: fc.constantFrom('a', 'b'),
  what: fc.constantFrom('take', 'take', 'take', 'give back', 'sent', 'resume'),
});

describe('budgets, whatever happens in whatever order', () => {
  it('allow no more in any window than they say, by the times at which stops were taken', () => {
    const fleetRules = fc.record({ fleetBudget: fc.option(budget), regionBudget: fc.option(budget) });
    fc.assert(
      fc.property(fleetRules, fc.array(step, { maxLength: 60 }), (given, steps) => {
        const running = Array.from({ length: RUNNING }, (_, index) => aBudgeted(`w-${index}`));
        const fleet = { rules: { ...NO_RULES, ...given }, running };
        const control = ReaperControl.restore(REAPER_CONTROL_ID, []);
        const counting = new Map<string, { at: Date; region: string; sent: boolean }>();
        let time = NOON;
        for (const [index, { minutes, aheadSeconds, region, what }] of steps.entries()) {
          time = plus(time, minutes * MINUTE);
          const now = plus(time, aheadSeconds * 1_000);
          const newest = [...counting.keys()].at(-1) ?? '';
          if (what === 'resume') control.resume('user:ann', 'right so', now);
          if (what === 'sent') {
            control.sent(newest, now);
            const one = counting.get(newest);
            if (one) one.sent = true;
          }
          if (what === 'give back') {
            control.giveBack(newest, 'refused', now);
            if (counting.get(newest)?.sent === false) counting.delete(newest);
          }
          if (what !== 'take') continue;
          const worker = aBudgeted(`w-${index % RUNNING}`, { region });
          if (control.take(`d-${index}`, worker, fleet, now).taken) {
            counting.set(`d-${index}`, { at: now, region, sent: false });
          }
        }
        const over = (limit: typeof given.fleetBudget, of: (region: string) => boolean) => {
          if (!limit) return;
          const taken = [...counting.values()].filter(({ region }) => of(region));
          for (const { at: end } of taken) {
            const begin = plus(end, -limit.windowMinutes * MINUTE);
            const inWindow = taken.filter(({ at }) => at > begin && at <= end).length;
            expect(inWindow).toBeLessThanOrEqual(allowedOf(limit, RUNNING));
          }
        };
        over(given.fleetBudget, () => true);
        over(given.regionBudget, (region) => region === 'a');
        over(given.regionBudget, (region) => region === 'b');
      }),
      { seed: 8, numRuns: 300 },
    );
  });

  it('allow at least one stop, and never more than the share, rounded up', () => {
    fc.assert(
      fc.property(budget, fc.integer({ min: 0, max: 5_000 }), (limit, ran) => {
        const allowed = allowedOf(limit, ran);
        expect(allowed).toBeGreaterThanOrEqual(1);
        if (limit.stops !== null) expect(allowed).toBeLessThanOrEqual(limit.stops);
        if (limit.sharePercent === null) return;
        expect(allowed).toBeLessThanOrEqual(Math.max(1, Math.ceil((ran * limit.sharePercent) / 100)));
      }),
    );
  });
});
