import { type CommandBus } from '@nestjs/cqrs';
import { SchedulerRegistry } from '@nestjs/schedule';
import { MemoryLeases } from '../../event-store/memory/memory-leases';
import { ticksOf } from '../../event-store/testing/leased-ticks';
import { MINUTE, SystemClock } from '../../kernel/clocks';
import { SequentialIds } from '../../kernel/ids';
import { type ReapIdleWorkers } from './reap-idle-workers.command';
import { ReaperSchedules } from './reaper.schedules';

const START = new Date('2027-01-15T12:00:30.000Z');
const clock = new SystemClock();

interface Given {
  readonly autostart?: boolean;
  readonly leases?: MemoryLeases;
  readonly owner?: string;
}

function schedulesWith({ autostart = true, leases = new MemoryLeases(clock), owner = 'one' }: Given = {}) {
  const executed: { at: string; command: ReapIdleWorkers }[] = [];
  const turn = { work: () => Promise.resolve() };
  const commands = {
    execute: (command: ReapIdleWorkers) => {
      executed.push({ at: clock.now().toISOString().slice(11, 19), command });
      return turn.work();
    },
  } as CommandBus;
  const options = { cron: '* * * * *', observeSeconds: 60, autostart };
  const ticks = ticksOf(clock, { leases, owner });
  const schedules = new ReaperSchedules(
    ...([commands, new SchedulerRegistry(), new SequentialIds(), ticks, options] as const),
  );
  return { schedules, executed, turn, times: () => executed.map(({ at }) => at) };
}

describe('the schedule of the reaper', () => {
  beforeEach(() => jest.useFakeTimers({ now: START }));
  afterEach(() => jest.useRealTimers());

  it('lets it take its turn at the times of its cron', async () => {
    const { schedules, executed, times } = schedulesWith();
    schedules.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(29_900);
    expect(executed).toEqual([]);
    await jest.advanceTimersByTimeAsync(200);
    const id = '00000000-0000-4000-8000-000000000001';
    expect(executed[0]?.command).toMatchObject({
      turn: { lease: { job: 'reap', owner: 'one' } },
      context: {
        commandId: id,
        actor: 'system:reaper',
        reason: null,
        correlationId: id,
        causationId: null,
      },
    });
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(times()).toEqual(['12:01:00', '12:02:00']);

    await schedules.beforeApplicationShutdown();
    expect(jest.getTimerCount()).toBe(0);
    expect(schedules.ticks).toEqual([schedules.reap]);
  });

  it('takes each time once, by the same of two replicas for as long as that lives, then by the other', async () => {
    const leases = new MemoryLeases(clock);
    const one = schedulesWith({ leases });
    const two = schedulesWith({ leases, owner: 'two' });
    one.schedules.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(31_000);
    two.schedules.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(3 * MINUTE);
    expect(one.times()).toEqual(['12:01:00', '12:02:00', '12:03:00', '12:04:00']);
    expect(two.times()).toEqual([]);
    await one.schedules.beforeApplicationShutdown();
    await jest.advanceTimersByTimeAsync(2 * MINUTE);
    expect(two.times()).toEqual(['12:05:01', '12:06:00']);
    await two.schedules.beforeApplicationShutdown();
  });

  it('does not begin a turn while one is under way, and waits for that at its stop', async () => {
    const { schedules, executed, turn } = schedulesWith();
    let finish = () => {};
    turn.work = () => new Promise((done) => (finish = done));
    schedules.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(3 * MINUTE);
    expect(executed).toHaveLength(1);
    let stopped = false;
    const stopping = schedules.beforeApplicationShutdown().then(() => (stopped = true));
    await jest.advanceTimersByTimeAsync(0);
    expect(stopped).toBe(false);
    finish();
    await stopping;
  });

  it('leaves the turn to the replica that holds the lease', async () => {
    const leases = new MemoryLeases(clock);
    await leases.claim('reap', 'two', MINUTE);
    const { schedules, executed } = schedulesWith({ leases });
    await schedules.reap.run();
    expect(executed).toEqual([]);
  });

  it('stands still without autostart', () => {
    schedulesWith({ autostart: false }).schedules.onApplicationBootstrap();
    expect(jest.getTimerCount()).toBe(0);
  });
});
