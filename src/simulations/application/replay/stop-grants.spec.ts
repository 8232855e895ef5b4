import { HOUR, MINUTE, plus } from '../../../kernel/clocks';
import { type FleetRules } from '../../../reaper';
import { type DueWorker } from './due-worker';
import { StopGrants } from './stop-grants';
import { StopLedger } from './stop-ledger';
import { tickGrid } from './tick-grid';
import { type DueTime } from './worker-replay';

const START = new Date('2027-01-15T00:00:00.000Z');
const END = plus(START, 24 * HOUR);
const at = (minute: number) => plus(START, minute * MINUTE);
const GRID = tickGrid('* * * * *');
const RULES: FleetRules = { fleetBudget: null, regionBudget: null, breakerWindowMinutes: 60 };

/** Due from one minute to another, and used again at the latter. */
function due(from: number, until: number, by: string | null = null): DueTime {
  const after = { use: { at: at(until), what: 'labs', by }, ranUntil: null };
  return { from: at(from), until: at(until), cause: 'idle', after, afterUntil: after };
}

function worker(n: number, ...dues: DueTime[]): DueWorker {
  const region = n % 2 === 0 ? 'us-east-1' : 'eu-west-1';
  return { id: `w${n}`, region, policy: null, dues, ran: [{ from: START, to: END }], unclear: [] };
}

async function granted(
  workers: readonly DueWorker[],
  rules: Partial<FleetRules> = {},
  pause = () => Promise.resolve(),
) {
  const { stops, budgetHits, breakerOpenings } = await new StopGrants(
    workers,
    { ...RULES, ...rules },
    GRID,
    END,
  ).run(pause);
  const minuteOf = (time: Date | null) => time && (time.getTime() - START.getTime()) / MINUTE;
  return {
    stops: stops.map((stop) => [stop.workerId, minuteOf(stop.at), stop.minutesSaved, stop.hit !== null]),
    held: budgetHits.map((hit) => [
      hit.workerId,
      minuteOf(hit.from),
      minuteOf(hit.until),
      hit.scope,
      hit.lapsed,
    ]),
    openings: breakerOpenings.map(({ stops: count, running }) => [count, running]),
  };
}

describe('due stops', () => {
  it('save the time until somebody really uses the worker again, and hit whoever does within half an hour', async () => {
    expect(await granted([worker(1, due(10, 100)), worker(2, due(20, 50)), worker(3, due(30, 61))])).toEqual({
      stops: [
        ['w1', 10, 90, false],
        ['w2', 20, 30, true],
        ['w3', 30, 31, false],
      ],
      ...{ held: [], openings: [] },
    });
  });

  it('are not repeated while the worker would stand still', async () => {
    const used = due(10, 300);
    const again = { ...due(70, 130), after: used.after, afterUntil: used.after };
    expect((await granted([worker(1, used, again, due(400, 500))])).stops).toEqual([
      ['w1', 10, 290, false],
      ['w1', 400, 100, false],
    ]);
  });

  it('come again when the worker really ran anew, though nobody used it', async () => {
    const unused = (from: number, until: number): DueTime => {
      const after = { use: null, ranUntil: at(until) };
      return { from: at(from), until: at(until), cause: 'idle', after, afterUntil: after };
    };
    const ran = [
      { from: START, to: at(100) },
      { from: at(200), to: at(300) },
    ];
    const only = { ...worker(1, unused(10, 100), unused(230, 300)), ran };
    const fleetBudget = { stops: null, sharePercent: 50, windowMinutes: 60 };
    const others = [worker(2, due(210, 400)), worker(3, due(230, 400))];
    expect((await granted([only, ...others], { fleetBudget })).stops).toEqual([
      ['w1', 10, 90, false],
      ['w2', 210, 190, false],
      ['w1', 230, 70, false],
      ['w3', 290, 110, false],
    ]);
  });

  it('wait for room in a sliding window, and lapse where none comes in time', async () => {
    const fleetBudget = { stops: 1, sharePercent: null, windowMinutes: 60 };
    const workers = [worker(1, due(10, 600)), worker(2, due(10, 600)), worker(3, due(20, 65))];
    expect(await granted(workers, { fleetBudget })).toEqual({
      stops: [
        ['w1', 10, 590, false],
        ['w2', 70, 530, false],
      ],
      held: [
        ['w3', 20, 65, 'fleet', true],
        ['w2', 10, 70, 'fleet', false],
      ],
      openings: [],
    });
  });

  it('take a share of those that run, one at least, region by region', async () => {
    const regionBudget = { stops: null, sharePercent: 50, windowMinutes: 60 };
    const workers = [1, 2, 3, 4, 5, 6, 8].map((n) => worker(n, due(10, 50)));
    const { stops, held } = await granted(workers, { regionBudget });
    expect(stops.map(([id]) => id)).toEqual(['w1', 'w2', 'w3', 'w4']);
    expect(held.map(([id, , , scope]) => [id, scope])).toEqual([
      ['w5', 'region eu-west-1'],
      ['w6', 'region us-east-1'],
      ['w8', 'region us-east-1'],
    ]);
  });

  it('open the breaker at more than ten and more than half of what ran', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => worker(n, due(10, 600)));
    expect((await granted(many(10))).openings).toEqual([]);
    expect((await granted(many(11))).openings).toEqual([[11, 11]]);
    const others = Array.from({ length: 11 }, (_, n) => worker(100 + n));
    expect((await granted([...many(11), ...others])).openings).toEqual([]);
  });

  it('are asked about group by group while they wait, and let all else go on in between', async () => {
    const fullFor = jest.spyOn(StopLedger.prototype, 'fullFor');
    const fleetBudget = { stops: 1, sharePercent: null, windowMinutes: 10 };
    const ran = (n: number) => [{ from: START, to: at(700 + n) }];
    const workers = Array.from({ length: 600 }, (_, n) => ({ ...worker(n, due(10, 700 + n)), ran: ran(n) }));
    let pauses = 0;
    const pause = () => Promise.resolve(void (pauses += 1));
    const { stops, held } = await granted(workers, { fleetBudget }, pause);
    expect([stops.length, held.length]).toEqual([129, 599]);
    expect(fullFor.mock.calls.length).toBeLessThan(5_000);
    expect(pauses).toBeGreaterThan(0);
    fullFor.mockRestore();
  });
});
