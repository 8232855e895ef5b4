import { Logger } from '@nestjs/common';
import { type CommandBus } from '@nestjs/cqrs';
import { SchedulerRegistry } from '@nestjs/schedule';
import { LeasedTicks } from '../../event-store';
import { LeaseOwner } from '../../event-store/lease-owner';
import { MemoryLeases } from '../../event-store/memory/memory-leases';
import { MINUTE, ManualClock } from '../../kernel/clocks';
import { SequentialIds } from '../../kernel/ids';
import { ReapIdleWorkers } from './reap-idle-workers.command';
import { ReaperSchedules } from './reaper.schedules';

const START = new Date('2027-01-15T12:00:30.000Z');
const clock = new ManualClock(START);

function schedulesWith(given: { autostart?: boolean; leases?: MemoryLeases } = {}) {
  const { autostart = true, leases = new MemoryLeases(clock) } = given;
  const executed: unknown[] = [];
  const turn = { work: () => Promise.resolve() };
  const commands = {
    execute: (command: unknown) => {
      executed.push(command);
      return turn.work();
    },
  } as CommandBus;
  const registry = new SchedulerRegistry();
  const options = { cron: '* * * * *', observeSeconds: 60, autostart };
  const schedules = new ReaperSchedules(
    commands,
    registry,
    new SequentialIds(),
    new LeasedTicks(leases, new LeaseOwner('one'), clock, () => undefined),
    options,
  );
  return { schedules, executed, registry, turn };
}

describe('the schedule of the reaper', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(() => jest.useFakeTimers({ now: START }));
  afterEach(() => jest.useRealTimers());

  it('lets it take its turn at the times of its cron', async () => {
    const { schedules, executed, registry } = schedulesWith();
    schedules.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(29_000);
    expect(executed).toEqual([]);
    await jest.advanceTimersByTimeAsync(1_000);
    const id = '00000000-0000-4000-8000-000000000001';
    expect(executed).toEqual([
      new ReapIdleWorkers(false, {
        commandId: id,
        actor: 'system:reaper',
        reason: null,
        correlationId: id,
        causationId: null,
      }),
    ]);
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(executed).toHaveLength(2);
    expect([...registry.getCronJobs().keys()]).toEqual(['reap']);

    await schedules.beforeApplicationShutdown();
    expect(jest.getTimerCount()).toBe(0);
    expect(schedules.ticks).toEqual([schedules.reap]);
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
    const { schedules, registry } = schedulesWith({ autostart: false });
    schedules.onApplicationBootstrap();
    expect(registry.getCronJobs().size).toBe(0);
  });
});
