import { ManualClock, MINUTE, plus, SECOND } from '../kernel/clocks';
import { type LeasedTickGroup } from './leased-tick-group';
import { type LeasedTicks } from './leased-ticks';
import { ticksOf } from './testing/leased-ticks';
import { longWork, replicas, seconds, time } from './testing/replicas';

beforeEach(() => {
  jest.useFakeTimers({ now: new Date('2026-03-01T00:00:00Z') });
});
afterEach(() => jest.useRealTimers());

describe('a leased tick', () => {
  it('is done by one replica at a time, by hand too', async () => {
    const { made, told } = replicas(['first', 'second']);
    const { turns, work, finish } = longWork();
    const [one, two] = made.map((ticks) => ticks.tick('sweep', work));
    const running = one?.run();
    await two?.run();
    expect(turns.map(({ lease }) => lease.owner)).toEqual(['first']);
    finish();
    await running;
    void two?.run();
    await seconds(0);
    expect(turns.map(({ lease }) => lease.owner)).toEqual(['first', 'second']);
    expect(turns[1]?.lease.fence).toBeGreaterThan(turns[0]?.lease.fence ?? Infinity);
    finish();
    expect(told).toEqual([]);
  });

  it('runs by hand however often, on a clock that stands still', async () => {
    const ticks = ticksOf(new ManualClock(new Date()));
    let turns = 0;
    const tick = ticks.tick('sweep', () => Promise.resolve((turns += 1)));
    await tick.run();
    await tick.run();
    expect(turns).toBe(2);
  });

  it('keeps its lease for as long as the turn takes', async () => {
    const { made } = replicas(['first', 'second']);
    const { turns, work, finish } = longWork();
    const [one, two] = made.map((ticks) => ticks.tick('sweep', work));
    const running = one?.run();
    for (let count = 0; count < 40; count += 1) {
      await seconds(1);
      await two?.run();
      expect(turns[0]?.stillHeld()).toBe(true);
    }
    expect(turns).toHaveLength(1);
    finish();
    await running;
  });

  it('gives the lease back when the work fails, and reports why', async () => {
    const { made, told } = replicas(['first', 'second']);
    const [one, two] = made;
    await one?.tick('sweep', () => Promise.reject(new Error('no'))).run();
    let turns = 0;
    await two?.tick('sweep', () => Promise.resolve((turns += 1))).run();
    expect(turns).toBe(1);
    expect(told).toEqual(['Error: no, during run the tick sweep; the next one comes all the same']);
  });
});

describe('what is seen of a leased tick', () => {
  it('is each turn of this replica, within what is put around it', async () => {
    const { made } = replicas(['first', 'second']);
    const [one, two] = made.map((ticks) => ticks.tick('sweep', () => Promise.reject(new Error('no'))));
    const seen: string[] = [];
    one?.onTurn(({ name, failed }) => seen.push(`${name} failed: ${failed}`));
    one?.doWithin((name, turn) => (seen.push(`within ${name}`), turn()));
    await one?.run();
    await two?.run();
    expect(seen).toEqual(['within sweep', 'sweep failed: true']);
  });

  it('is for how long its turn is due and nobody takes it', async () => {
    const { made } = replicas(['first', 'second']);
    const { turns, work, finish } = longWork();
    const [one, two] = made.map((ticks) => ticks.tick('sweep', work));
    expect(one?.lagMs).toBeNull();
    one?.every(MINUTE);
    two?.every(MINUTE);
    await seconds(30);
    // one has the turn: it is not late for the other either
    expect([turns.length, one?.lagMs, two?.lagMs]).toEqual([1, 0, 0]);
    finish();
    await one?.stop();
    await seconds(10);
    expect(two?.lagMs).toBe(0);
    await two?.stop();
    expect(two?.lagMs).toBeNull();
  });
});

describe('leased ticks on a schedule', () => {
  const REGIONS = ['a', 'b', 'c', 'd', 'e', 'f'];

  /** Each turn with its replica, region and time in seconds. */
  function fleet(made: readonly LeasedTicks[], work: (region: string) => Promise<void>) {
    const turns: { by: string; region: string; at: number }[] = [];
    const start = time.now().getTime();
    const groups = made.map((ticks) =>
      ticks.group('observe', REGIONS, (region, { lease }) => {
        turns.push({ by: lease.owner, region, at: (time.now().getTime() - start) / SECOND });
        return work(region);
      }),
    );
    for (const group of groups) group.every(MINUTE);
    return { turns, groups, stop: () => Promise.all(groups.map((group) => group.stop())) };
  }

  const atEachInterval = (turns: readonly { region: string; at: number }[], region: string) =>
    turns.filter((turn) => turn.region === region).map(({ at }) => Math.floor(at / 60));

  it('are done once per interval, whatever the number of replicas, and shared among them', async () => {
    const { made, told } = replicas(['one', 'two', 'three']);
    const { turns, stop } = fleet(made, () => new Promise((done) => setTimeout(done, 2 * SECOND)));
    await seconds(10 * 60 - 5);
    for (const region of REGIONS) {
      expect(atEachInterval(turns, region)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
    for (const by of ['one', 'two', 'three']) {
      expect(turns.filter((turn) => turn.by === by).length).toBeGreaterThanOrEqual(12);
    }
    expect(told).toEqual([]);
    await stop();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('wait for no other region that hangs', async () => {
    const { made } = replicas(['one']);
    let release = () => {};
    const hangs = new Promise<void>((done) => (release = done));
    const { turns, stop } = fleet(made, (region) => (region === 'a' ? hangs : Promise.resolve()));
    await seconds(3 * 60 - 5);
    expect(atEachInterval(turns, 'a')).toEqual([0]);
    for (const region of REGIONS.slice(1)) expect(atEachInterval(turns, region)).toEqual([0, 1, 2]);
    release();
    await stop();
  });

  it('are due again when the lease ends of a replica that died', async () => {
    const { leases, made } = replicas(['one']);
    await leases.claim('observe/a', 'dead', 10 * SECOND);
    const { turns, stop } = fleet(made, () => Promise.resolve());
    await seconds(30);
    const times = turns.filter(({ region }) => region === 'a').map(({ at }) => at);
    expect(times).toEqual([expect.closeTo(10, 0)]);
    await stop();
  });

  it('are no matter of the replicas’ own clocks, and a wrong one is warned of once', async () => {
    const ahead = { fast: 20 * MINUTE, slow: -20 * MINUTE };
    const { made, told } = replicas(['fast', 'slow', 'right'], ahead);
    const { turns, stop } = fleet(made, () => new Promise((done) => setTimeout(done, 2 * SECOND)));
    await seconds(10 * 60 - 5);
    for (const region of REGIONS) {
      expect(atEachInterval(turns, region)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
    for (const by of ['fast', 'slow', 'right']) {
      expect(turns.filter((turn) => turn.by === by).length).toBeGreaterThanOrEqual(12);
    }
    const warning = "this machine's clock and the database's differ: set them by NTP";
    expect(told.sort()).toEqual([`${warning} {"aheadMs":-1200000}`, `${warning} {"aheadMs":1200000}`]);
    await stop();
  });

  it('keep up with intervals far below a second', async () => {
    const { made } = replicas(['one']);
    let turns = 0;
    const tick = made[0]?.tick('reconcile', () => Promise.resolve((turns += 1)));
    tick?.every(250);
    await seconds(10);
    expect(turns).toBeGreaterThanOrEqual(35);
    expect(turns).toBeLessThanOrEqual(41);
    await tick?.stop();
  });

  it('go by a shorter interval as soon as one is set', async () => {
    const { leases, made } = replicas(['one']);
    await leases.plan('observe/a', {
      first: plus(time.now(), 60 * MINUTE),
      latest: plus(time.now(), 60 * MINUTE),
    });
    const { turns, stop } = fleet(made, () => Promise.resolve());
    await seconds(70);
    expect(atEachInterval(turns, 'a')).toEqual([1]);
    await stop();
  });

  it('go round in a replica that never gets a lease, and not in one without a database', async () => {
    const { leases, made, told } = replicas(['one']);
    const { groups, turns, stop } = fleet(made, () => Promise.resolve());
    const age = () => time.now().getTime() - (stateOf(groups[0])?.finishedAt?.getTime() ?? 0);
    leases.claim = () => Promise.resolve(null);
    await seconds(60);
    expect([turns, stateOf(groups[0])?.running]).toEqual([[], false]);
    expect(age()).toBeLessThan(2 * SECOND);
    leases.states = () => Promise.reject(new Error('away'));
    await seconds(60);
    expect(age()).toBeGreaterThanOrEqual(59 * SECOND);
    expect(told.length).toBeLessThan(20);
    expect(stateOf(groups[0])?.intervalMs).toBe(SECOND);
    await stop();
  });

  const stateOf = (group: LeasedTickGroup | undefined) => group?.ticks[0]?.state;
});

describe('work under a job’s lease', () => {
  it('is done now, as a turn of its tick, and not while one is under way', async () => {
    const { made } = replicas(['one', 'two']);
    const { turns, work, finish } = longWork();
    const [one, two] = made;
    const tick = one?.tick('reap', work);
    tick?.every(MINUTE);
    await seconds(1);
    expect(turns).toHaveLength(1);
    for (const ticks of [one, two])
      expect(await ticks?.exclusively('reap', () => Promise.resolve(1))).toBeNull();
    finish();
    await seconds(30);
    expect(await one?.exclusively('reap', ({ lease }) => Promise.resolve(lease.owner))).toEqual({
      result: 'one',
    });
    await seconds(59);
    expect(turns).toHaveLength(1);
    await seconds(1.2);
    expect(turns).toHaveLength(2);
    finish();
    await tick?.stop();
  });

  it('hands on its error, and the lease', async () => {
    const { made } = replicas(['one', 'two']);
    await expect(made[0]?.exclusively('reap', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await made[1]?.exclusively('reap', () => Promise.resolve(2))).toEqual({ result: 2 });
  });
});
