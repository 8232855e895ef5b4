import { MINUTE, plus } from '../kernel/clocks';
import { longWork, replicas, seconds, time } from './testing/replicas';

beforeEach(() => {
  jest.useFakeTimers({ now: new Date('2026-03-01T00:00:00Z') });
});
afterEach(() => jest.useRealTimers());

describe('a lease that is lost during the turn', () => {
  it('ends the turn; its end is refused, and the next holder is not disturbed', async () => {
    const { leases, made, told } = replicas(['first', 'second']);
    const { turns, work, finish } = longWork();
    const [one, two] = made.map((ticks) => ticks.tick('sweep', work));
    leases.renew = () => Promise.reject(new Error('away'));
    const running = one?.run();
    await seconds(9.9);
    expect(turns[0]?.stillHeld()).toBe(true);
    await seconds(0.1);
    expect(turns[0]?.stillHeld()).toBe(false);
    void two?.run();
    await seconds(2);
    expect([turns[0]?.signal.aborted, turns[1]?.lease.owner, turns[1]?.stillHeld()]).toEqual([
      true,
      'second',
      true,
    ]);
    finish();
    await running;
    expect(await leases.claim('sweep', 'third', MINUTE, { early: true })).toBeNull();
    expect(told.at(-1)).toBe(
      'a turn lost its lease before its end; another replica goes on {"job":"sweep","fence":1}',
    );
    finish();
  });

  it('is noticed at the next renewal, which the database refuses', async () => {
    const { leases, made } = replicas(['first']);
    const { turns, work, finish } = longWork();
    leases.renew = () => Promise.resolve(false);
    const running = made[0]?.tick('sweep', work).run();
    await seconds(2.9);
    expect(turns[0]?.stillHeld()).toBe(true);
    await seconds(0.1);
    expect([turns[0]?.stillHeld(), turns[0]?.signal.aborted]).toEqual([false, true]);
    finish();
    await running;
  });

  it('is noticed at a renewal that comes too late, as after a pause of the process', async () => {
    const { leases, made } = replicas(['first']);
    const { turns, work, finish } = longWork();
    const running = made[0]?.tick('sweep', work).run();
    await seconds(1);
    jest.setSystemTime(plus(time.now(), MINUTE)); // nothing ran meanwhile
    expect(turns[0]?.stillHeld()).toBe(false);
    await leases.claim('sweep', 'second', MINUTE);
    await seconds(3);
    expect(turns[0]?.signal.aborted).toBe(true);
    finish();
    await running;
  });

  it('is not one that a renewal found in time', async () => {
    const { leases, made, told } = replicas(['first']);
    const { turns, work, finish } = longWork();
    const renew = leases.renew.bind(leases);
    let failures = 2;
    leases.renew = (...given) => (failures-- > 0 ? Promise.reject(new Error('away')) : renew(...given));
    const running = made[0]?.tick('sweep', work).run();
    await seconds(20);
    expect(turns[0]?.stillHeld()).toBe(true);
    expect(told).toEqual(Array(2).fill('Error: away, during renew the lease sweep'));
    finish();
    await running;
  });

  it('comes to one that hangs, so that another replica can go on', async () => {
    const { made } = replicas(['first', 'second']);
    const { turns, work, finish } = longWork();
    const [one, two] = made.map((ticks) => ticks.tick('sweep', work));
    const hanging = one?.run();
    await seconds(5 * 60);
    expect(turns[0]?.stillHeld()).toBe(true);
    await seconds(13);
    expect([turns[0]?.stillHeld(), turns[0]?.signal.aborted]).toEqual([false, true]);
    void two?.run();
    await seconds(0);
    expect(turns[1]?.lease.owner).toBe('second');
    finish();
    finish();
    await hanging;
  });
});
