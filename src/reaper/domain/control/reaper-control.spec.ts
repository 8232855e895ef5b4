import { MINUTE, plus } from '../../../kernel/clocks';
import { InvalidInput } from '../../../kernel/domain-error';
import { aBudgeted, aFleet } from '../../testing/control-bench';
import { REAPER_CONTROL_ID, ReaperControl } from './reaper-control';
import { allowedOf } from './budget-scopes';
import { StopBudgets } from './stop-budgets';

const NOON = new Date('2027-01-15T12:00:00.000Z');
const at = (minutes: number) => plus(NOON, minutes * MINUTE);
const aControl = () => ReaperControl.restore(REAPER_CONTROL_ID, []);
const typesOf = (control: ReaperControl) => control.uncommitted.map(({ type }) => type);
const PER_HOUR = (stops: number) => ({ stops, sharePercent: null, windowMinutes: 60 });

describe('a budget', () => {
  it.each([
    [{ stops: 3, sharePercent: null }, 100, 3],
    [{ stops: null, sharePercent: 10 }, 100, 10],
    [{ stops: null, sharePercent: 10 }, 101, 11],
    [{ stops: null, sharePercent: 10 }, 3, 1],
    [{ stops: null, sharePercent: 10 }, 0, 1],
    [{ stops: 3, sharePercent: 10 }, 20, 2],
    [{ stops: null, sharePercent: null }, 20, Infinity],
  ])('%j of %d that run allows %d', (budget, ran, allowed) => {
    expect(allowedOf({ ...budget, windowMinutes: 60 }, ran)).toBe(allowed);
  });

  it("of one worker's own policy is not shown for another, though they are named alike", () => {
    const own = (id: string, stops: number) => {
      const budget = { stops, sharePercent: null, windowMinutes: 60 };
      return aBudgeted(id, { policy: { id: `worker ${id}`, name: 'worker', budget } });
    };
    const running = [own('w-1', 1), own('w-2', 5)];
    const budgets = new StopBudgets(aControl().state, { ...aFleet(0), running }, NOON);
    const allowed = running.map((worker) => budgets.viewOf(worker).limits.map((limit) => limit.allowed));
    expect(allowed).toEqual([[1], [5]]);
  });

  it('holds for its whole window, not for a turn, and frees a stop when that has left it', () => {
    const control = aControl();
    const fleet = aFleet(20, { fleetBudget: PER_HOUR(2) });
    const take = (id: string, minutes: number) => control.take(id, aBudgeted(id), fleet, at(minutes));
    expect([take('w-0', 0), take('w-1', 10)]).toEqual([{ taken: true }, { taken: true }]);
    for (const minute of [10, 11, 30, 59.99]) {
      expect(take('w-2', minute)).toEqual({
        taken: false,
        restraint: 'budget',
        opened: false,
        detail: 'The budget of fleet is used up: 2 in 60 min; the next one is free at 2027-01-15T13:00:00Z.',
      });
    }
    expect(take('w-2', 60)).toEqual({ taken: true });
    expect(take('w-3', 69)).toMatchObject({ taken: false });
  });

  it('counts what another replica took by a clock that is ahead', () => {
    const control = aControl();
    const fleet = aFleet(20, { fleetBudget: PER_HOUR(1) });
    control.take('w-0', aBudgeted('w-0'), fleet, at(0.5));
    expect(control.take('w-1', aBudgeted('w-1'), fleet, NOON)).toMatchObject({ taken: false });
  });

  it('counts the stops of its region or policy only', () => {
    const control = aControl();
    const fleet = aFleet(20, { regionBudget: PER_HOUR(1) });
    const policy = { id: 'p-1', name: 'nightly', budget: PER_HOUR(1) };
    const elsewhere = (id: string) => aBudgeted(id, { region: id, policy });
    expect(control.take('d-1', aBudgeted('w-1'), fleet, NOON)).toEqual({ taken: true });
    expect(control.take('d-2', aBudgeted('w-2'), fleet, NOON)).toMatchObject({
      detail: expect.stringContaining('budget of region us-east-1') as string,
    });
    expect(control.take('d-3', elsewhere('a'), fleet, NOON)).toEqual({ taken: true });
    expect(control.take('d-4', elsewhere('b'), fleet, NOON)).toMatchObject({
      detail: expect.stringContaining('budget of policy nightly (p-1)') as string,
    });
  });

  it('is each policy’s own, also where two have one name, and each worker’s that has a policy of its own', () => {
    const ofPolicy = (id: string, name: string) => ({ id, name, budget: PER_HOUR(1) });
    const workers = [
      ofPolicy('p-1', 'nightly'),
      ofPolicy('p-2', 'nightly'),
      ofPolicy('worker-w-2', 'worker'),
      ofPolicy('worker-w-3', 'worker'),
      ofPolicy('fleet', 'fleet'),
    ].map((policy, index) => aBudgeted(`w-${index}`, { policy }));
    const fleet = { ...aFleet(0), running: workers };
    const control = aControl();
    for (const index of [0, 2]) control.take(`d-${index}`, workers[index]!, fleet, NOON);
    const budgets = new StopBudgets(control.state, fleet, at(1));
    const shown = [
      ['policy nightly (p-1)', 1],
      ['policy nightly (p-2)', 0],
      ['policy worker-w-2', 1],
      ['policy worker-w-3', 0],
      ['policy fleet', 0],
    ];
    expect(budgets.all().map(({ scope, used }) => [scope, used])).toEqual(shown);
    expect(
      workers.flatMap((worker) => budgets.viewOf(worker).limits.map(({ scope, used }) => [scope, used])),
    ).toEqual(shown);
  });

  it('counts those as running that ran until they were stopped in its window', () => {
    const control = aControl();
    const share = { stops: null, sharePercent: 50, windowMinutes: 60 };
    const six = aFleet(6, { fleetBudget: share });
    for (const id of ['w-0', 'w-1', 'w-2']) control.take(id, aBudgeted(id), six, NOON);
    const three = { ...six, running: six.running.slice(3) };
    expect(new StopBudgets(control.state, three, at(1)).all()).toEqual([
      { scope: 'fleet', allowed: 3, used: 3, windowMinutes: 60, freesAt: at(60) },
    ]);
    expect(control.take('w-3', aBudgeted('w-3'), three, at(1))).toMatchObject({ taken: false });
  });

  it('takes a decision once, and takes back only what was not sent', () => {
    const control = aControl();
    const fleet = aFleet(20, { fleetBudget: PER_HOUR(1) });
    const take = (id: string) => control.take(id, aBudgeted(id), fleet, NOON).taken;
    expect([take('w-0'), take('w-0'), take('w-1')]).toEqual([true, true, false]);
    control.giveBack('w-0', 'the probe failed', NOON);
    control.giveBack('w-0', 'the probe failed', NOON);
    expect(take('w-1')).toBe(true);
    control.sent('w-1', NOON);
    control.sent('w-1', NOON);
    control.giveBack('w-1', 'never', NOON);
    expect(take('w-2')).toBe(false);
    expect(typesOf(control)).toEqual([
      ...['reaper.stop-taken', 'reaper.stop-returned', 'reaper.stop-taken', 'reaper.stop-sent'],
    ]);
  });
});

describe('the breaker', () => {
  const stopAll = (control: ReaperControl, count: number, running: number, minute = 0) => {
    const fleet = aFleet(running);
    return Array.from({ length: count }, (_, index) => {
      const id = `w-${index}`;
      return control.take(`${id} at ${minute}`, aBudgeted(id), fleet, at(minute)).taken;
    }).filter(Boolean).length;
  };

  it('opens on more than 10 stops of more than half of what ran, and holds all', () => {
    expect(stopAll(aControl(), 10, 10)).toBe(10);
    expect(stopAll(aControl(), 20, 40)).toBe(20);
    const control = aControl();
    expect(stopAll(control, 40, 40)).toBe(20);
    const decision = { decisionId: 'w-20 at 0', workerId: 'w-20' };
    expect(control.state.breaker).toEqual({ openedAt: NOON, stops: 21, running: 40, ...decision });
    expect(typesOf(control).filter((type) => type === 'reaper.breaker-opened')).toHaveLength(1);
    expect(control.take('later', aBudgeted('w-39'), aFleet(40), at(600))).toMatchObject({
      restraint: 'breaker',
      opened: false,
      detail:
        'The breaker is open since 2027-01-15T12:00:00Z: 21 automatic stops of 40 workers in one window. ' +
        'POST /api/v1/reaper/resume lets it go on.',
    });
  });

  it('looks at one window', () => {
    const control = aControl();
    expect(stopAll(control, 10, 15)).toBe(10);
    expect(stopAll(control, 10, 15, 61)).toBe(10);
    expect(stopAll(control, 10, 15, 119)).toBe(0);
  });

  it('is closed by a person, who has looked at the stops before', () => {
    const control = aControl();
    stopAll(control, 11, 11);
    control.resume('user:ann', 'the class is over', at(5));
    expect(stopAll(control, 10, 11, 6)).toBe(10);
    expect(stopAll(control, 1, 11, 7)).toBe(0);
  });
});

describe('a pause', () => {
  it('holds all stops until its end, or until it is resumed', () => {
    const control = aControl();
    const take = (minute: number) => control.take(`at ${minute}`, aBudgeted('w-1'), aFleet(20), at(minute));
    control.pause('user:ann', 'exam', at(30), NOON);
    expect(take(29)).toEqual({
      taken: false,
      restraint: 'not-paused',
      opened: false,
      detail: 'user:ann has paused all automatic stops until 2027-01-15T12:30:00Z: exam',
    });
    expect(take(30)).toEqual({ taken: true });
    control.pause('user:ann', 'exam', null, at(40));
    expect(take(9_000)).toMatchObject({ restraint: 'not-paused' });
    control.resume('user:bob', 'it is over', at(41));
    expect(take(42)).toEqual({ taken: true });
  });

  it('is not ended where there is none, and ends ahead', () => {
    const control = aControl();
    control.pause('user:ann', 'exam', at(30), NOON);
    control.resume('user:bob', 'it is over', at(31));
    expect(typesOf(control)).toEqual(['reaper.paused']);
    expect(() => control.pause('user:ann', 'exam', NOON, NOON)).toThrow(InvalidInput);
  });
});

describe('catching up', () => {
  it('stops a tenth of what runs in a minute, for an hour', () => {
    const control = aControl();
    control.beginCatchUp(at(-360), NOON);
    control.beginCatchUp(at(-360), at(1));
    const fleet = aFleet(30);
    const stopped = (minute: number) =>
      fleet.running
        .slice(0, 9)
        .filter((worker) => control.take(`${worker.id} at ${minute}`, worker, fleet, at(minute)).taken)
        .length;
    expect([stopped(0), stopped(0.5), stopped(1), stopped(59)]).toEqual([3, 0, 3, 3]);
    expect(typesOf(control).filter((type) => type === 'reaper.catch-up-begun')).toHaveLength(1);
    expect(stopped(61)).toBe(9);
  });
});

describe('a stop that is refused', () => {
  it('waits longer each time in a row, and begins anew after one that was sent', () => {
    const control = aControl();
    const fleet = aFleet(30);
    const [worker] = fleet.running;
    if (!worker) throw new Error('a fleet has workers');
    const refused = (minute: number) => {
      const about = { decisionId: `at ${minute}`, workerId: worker.id, plannedFor: NOON, why: 'it is busy' };
      control.refused({ ...about, inUse: false, at: at(minute) });
      return control.state.refusals.map(({ tries }) => tries);
    };
    expect([refused(0), refused(2), refused(6)]).toEqual([[1], [2], [3]]);
    expect(control.take('sent', worker, fleet, at(14))).toEqual({ taken: true });
    control.sent('sent', at(14));
    expect(refused(40)).toEqual([1]);
  });
});
