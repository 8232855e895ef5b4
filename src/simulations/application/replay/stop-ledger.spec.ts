import { HOUR, MINUTE, plus } from '../../../kernel/clocks';
import { type BudgetedWorker, type FleetRules, type StopBudget } from '../../../reaper';
import { ReaperControl } from '../../../reaper/domain/control/reaper-control';
import { seeded } from '../../testing/seeded';
import { StopLedger } from './stop-ledger';

const START = new Date('2027-01-15T00:00:00.000Z');
const SPAN = { from: START, to: plus(START, 1_000 * HOUR) };

/** Budgets of all kinds, two of them of workers' own policies, which are named alike. */
function workersOf(count: number, budget: () => StopBudget | null): BudgetedWorker[] {
  const shared = budget();
  return Array.from({ length: count }, (_, n): BudgetedWorker => {
    const own = n < 2 ? budget() : n % 3 === 0 ? shared : null;
    const policy = own && {
      id: n < 2 ? `worker w${n}` : 'course',
      name: n < 2 ? 'worker' : 'course',
      budget: own,
    };
    return { id: `w${n}`, region: n % 2 === 0 ? 'us-east-1' : 'eu-west-1', policy };
  });
}

describe('the ledger of a simulation', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9])(
    'lets pass what the live budgets and breaker would, stop by stop (%i)',
    (seed) => {
      const random = seeded(seed);
      const unlimited = seed % 2 === 0;
      const below = (end: number) => Math.floor(random() * end);
      const budget = (): StopBudget | null =>
        unlimited || random() < 0.3
          ? null
          : {
              stops: random() < 0.5 ? 1 + below(12) : null,
              sharePercent: 20 + below(70),
              windowMinutes: 1 + below(60),
            };
      const rules: FleetRules = {
        ...{ fleetBudget: budget(), regionBudget: budget(), breakerWindowMinutes: 90 + below(240) },
      };
      const workers = workersOf(24, budget);
      const due = workers.map((worker) => ({ ...worker, dues: [], ran: [SPAN], unclear: [] }));
      const ledger = new StopLedger(due, rules);
      const control = ReaperControl.restore('fleet', []);
      const opened: object[] = [];
      const taken = { live: 0, held: 0 };
      for (let step = 0, now = START; step < 900; step += 1) {
        now = plus(now, below(12) * MINUTE);
        ledger.running.advance(now.getTime());
        const worker = workers[below(workers.length)];
        if (!worker || !ledger.running.runs(worker.id)) continue;
        const fleet = { rules, running: workers.filter(({ id }) => ledger.running.runs(id)) };
        const full = ledger.fullFor(worker.id, now);
        let outcome = control.take(`d-${step}`, worker, fleet, now);
        if (!outcome.taken && outcome.opened) {
          const { stops, running } = control.state.breaker ?? {};
          opened.push({ at: now, stops, running });
          control.resume('user:eve', 'it was right', plus(now, -1));
          outcome = control.take(`d-${step}`, worker, fleet, now);
        }
        expect([step, full === null]).toEqual([step, outcome.taken]);
        if (!outcome.taken) expect(outcome.detail).toContain(`budget of ${full} `);
        taken[outcome.taken ? 'live' : 'held'] += 1;
        if (!outcome.taken) continue;
        ledger.take(worker.id, now, plus(now, (1 + below(200)) * MINUTE));
        now = plus(now, MINUTE);
      }
      expect(taken.live).toBeGreaterThan(20);
      expect(ledger.openings).toEqual(opened);
      expect(unlimited ? opened.length : taken.held).toBeGreaterThan(0);
    },
  );
});
