import { HOUR, MINUTE, plus } from '../../../kernel/clocks';
import { FixedPolicy, idlePolicy } from '../../../reaper';
import { aWorker } from '../../../workers/testing/worker.builder';
import { idlePast } from '../../testing/idle-past';
import { IndexedPast } from './indexed-past';
import { StopGrants } from './stop-grants';
import { tickGrid } from './tick-grid';
import { type WorkerPast } from './worker-past';
import { WorkerReplayer } from './worker-replay';

const SERVING = aWorker().launched().serving().state;
const FROM = new Date('2027-01-15T00:00:00.000Z');
const SPAN = { from: FROM, to: plus(FROM, 10 * HOUR) };
const GRID = tickGrid('* * * * *');
const PAST = idlePast({ ...SERVING, runningSince: FROM }, FROM, [SPAN]);

function duesOf(past: WorkerPast, given: Parameters<typeof idlePolicy>[0] = {}) {
  const policy = idlePolicy({ idleThresholdMinutes: 60, ...given }, 60, 120);
  const terms = { effective: new FixedPolicy(policy).of(), grid: GRID, plans: 'own' as const, ...SPAN };
  return new WorkerReplayer(new IndexedPast(past), terms).run().dues;
}

describe('a due time', () => {
  it('goes on while the stop would only be announced anew', () => {
    expect(duesOf(PAST)).toMatchObject([{ cause: 'idle', until: null }]);
    const unknown = PAST.intervals.map((one) => ({ ...one, value: 'unknown' as const }));
    const dues = duesOf({ ...PAST, intervals: unknown }, { maxUptimeMinutes: 120 });
    expect(dues).toMatchObject([{ cause: 'max-uptime', until: null }]);
  });

  it('ends with use, and begins with the next window', () => {
    const [first, second] = [plus(FROM, 4 * HOUR), plus(FROM, 4 * HOUR + 10 * MINUTE)];
    const parts = [
      { from: FROM, to: plus(first, -MINUTE), value: 'idle' as const },
      { from: first, to: plus(second, -MINUTE), value: 'active' as const },
      { from: second, to: SPAN.to, value: 'idle' as const },
    ];
    const intervals = PAST.intervals.flatMap((one) =>
      one.signal !== 'labs'
        ? [one]
        : parts.map((part) => {
            const trail = {
              knownAt: part.from,
              confirmedAt: plus(part.from, MINUTE),
              gaps: [],
              failed: false,
            };
            return { ...one, ...part, trail };
          }),
    );
    const dues = duesOf({ ...PAST, intervals });
    expect(dues).toMatchObject([{ until: first }, { until: null }]);
    expect(dues[1]?.from.getTime()).toBeGreaterThan(plus(second, 50 * MINUTE).getTime());
  });

  it('is one wait for a budget, which does not lapse for its length', async () => {
    const workers = ['w1', 'w2', 'w3'].map((id) => ({
      ...{ id, region: 'us-east-1', policy: null, dues: duesOf(PAST), ran: [SPAN], unclear: [] },
    }));
    const fleetBudget = { stops: 1, sharePercent: null, windowMinutes: 180 };
    const rules = { fleetBudget, regionBudget: null, breakerWindowMinutes: 60 };
    const { budgetHits } = await new StopGrants(workers, rules, GRID, SPAN.to).run(() => Promise.resolve());
    expect(budgetHits).toMatchObject([
      { workerId: 'w2', lapsed: false },
      { workerId: 'w3', lapsed: false },
    ]);
  });
});
