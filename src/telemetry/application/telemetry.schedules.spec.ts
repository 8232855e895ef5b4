import { MemoryLeases } from '../../event-store/memory/memory-leases';
import { ticksOf } from '../../event-store/testing/leased-ticks';
import { ManualClock, MINUTE, ScaledClock, SystemClock } from '../../kernel/clocks';
import { SequentialIds } from '../../kernel/ids';
import { OPTIONS, telemetryBench } from '../testing/telemetry-bench';
import { cmlTurnMs, ObserveCml } from './observe-cml.command';
import { ObserveFleet } from './observe-fleet.command';
import { ObserveMetrics } from './observe-metrics.command';
import { type TelemetryOptions } from './telemetry.options';
import { TelemetrySchedules } from './telemetry.schedules';

function bench(given: Partial<TelemetryOptions> = {}) {
  const { clock, commands, observer } = telemetryBench();
  const leases = new MemoryLeases(clock);
  const ticks = ticksOf(clock, { leases });
  const options = { ...OPTIONS, ...given };
  const schedules = new TelemetrySchedules(
    commands.bus,
    ticks,
    new SequentialIds(),
    clock,
    observer,
    options,
  );
  const observed = () => commands.of(ObserveFleet).map(({ region }) => region);
  return { clock, commands, leases, schedules, observed };
}

describe('the ticks of telemetry', () => {
  afterEach(() => jest.useRealTimers());

  it('observe each region, each turn by a command of its own, under its lease', async () => {
    const { commands, schedules } = bench();
    await schedules.observe.run();
    await schedules.observe.run();
    const turns = commands
      .of(ObserveFleet)
      .map(({ region, turn, context }) => [region, turn.lease.job, context.actor, context.commandId]);
    expect(turns).toEqual([
      ['us-east-1', 'observe/us-east-1', 'system:telemetry', '00000000-0000-4000-8000-000000000001'],
      ['eu-west-1', 'observe/eu-west-1', 'system:telemetry', '00000000-0000-4000-8000-000000000002'],
      ['us-east-1', 'observe/us-east-1', 'system:telemetry', '00000000-0000-4000-8000-000000000003'],
      ['eu-west-1', 'observe/eu-west-1', 'system:telemetry', '00000000-0000-4000-8000-000000000004'],
    ]);
  });

  it('leave a region to the replica that holds its lease', async () => {
    const { clock, leases, schedules, observed } = bench();
    await leases.claim('observe/us-east-1', 'replica-2', MINUTE);
    await schedules.observe.run();
    expect(observed()).toEqual(['eu-west-1']);
    clock.advance(MINUTE);
    await schedules.observe.run();
    expect(observed().slice(1).sort()).toEqual(['eu-west-1', 'us-east-1']);
  });

  it('can be listed; CloudWatch is among them only where it is read, and CML though there is no account for all', async () => {
    const { commands, schedules } = bench();
    expect(schedules.ticks.map(({ name }) => name)).toEqual([
      'observe/us-east-1',
      'observe/eu-west-1',
      'observe-cml/us-east-1',
      'observe-cml/eu-west-1',
      'observe-metrics/us-east-1',
      'observe-metrics/eu-west-1',
    ]);
    await schedules.observeMetrics.run();
    expect(commands.of(ObserveMetrics).map(({ region }) => region)).toEqual(OPTIONS.regions);
    const without = bench({ cloudwatchSeconds: 0, fleetAccount: false }).schedules;
    expect(without.ticks.map(({ name }) => name)).toEqual([
      'observe/us-east-1',
      'observe/eu-west-1',
      'observe-cml/us-east-1',
      'observe-cml/eu-west-1',
    ]);
  });

  it('begin with the application, unless they are run by hand', async () => {
    jest.useFakeTimers();
    const { commands, schedules } = bench({ autostart: true });
    schedules.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(commands.executed).toHaveLength(6);
    await schedules.beforeApplicationShutdown();
    await schedules.observe.run();
    expect([commands.executed.length, jest.getTimerCount()]).toEqual([6, 0]);

    const byHand = bench();
    byHand.schedules.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(2_000);
    await byHand.schedules.beforeApplicationShutdown();
    expect(byHand.commands.executed).toEqual([]);
  });

  it('by hand observe EC2 and then CML, each region under a lease of its own', async () => {
    const { commands, schedules } = bench();
    await schedules.observeNow();
    expect(commands.executed.map((command) => (command as ObserveCml).turn.lease.job)).toEqual([
      'observe/us-east-1',
      'observe/eu-west-1',
      'observe-cml/us-east-1',
      'observe-cml/eu-west-1',
    ]);
    expect(commands.of(ObserveCml).map(({ region }) => region)).toEqual(OPTIONS.regions);
  });

  it('of CML come each two seconds of fleet time, but no more than four times a second', () => {
    expect(cmlTurnMs(new ManualClock(new Date(0)))).toBe(2_000);
    expect(cmlTurnMs(new ScaledClock(new SystemClock(), new Date(0), 4))).toBe(500);
    expect(cmlTurnMs(new ScaledClock(new SystemClock(), new Date(0), 120))).toBe(250);
  });

  it('of CML stay with the replica that remembers when what is due', async () => {
    jest.useFakeTimers();
    const clock = new SystemClock();
    const leases = new MemoryLeases(clock);
    const [one, two] = ['one', 'two'].map((owner) => {
      const { commands, clock: fleet, observer } = telemetryBench();
      const ticks = ticksOf(clock, { leases, owner });
      const options = { ...OPTIONS, regions: ['us-east-1'] };
      const ids = new SequentialIds();
      const schedules = new TelemetrySchedules(commands.bus, ticks, ids, fleet, observer, options);
      return { schedules, turns: () => commands.of(ObserveCml).length };
    });
    if (!one || !two) throw new Error('there are two');
    one.schedules.start();
    await jest.advanceTimersByTimeAsync(1_000);
    two.schedules.start();
    await jest.advanceTimersByTimeAsync(20_000);
    expect([one.turns(), two.turns()]).toEqual([11, 0]);
    await one.schedules.stop();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(two.turns()).toBeGreaterThanOrEqual(3);
    await two.schedules.stop();
  });

  it('of two replicas each region once per interval', async () => {
    jest.useFakeTimers();
    const clock = new SystemClock();
    const leases = new MemoryLeases(clock);
    const replicas = ['one', 'two'].map((owner) => {
      const { commands, clock: fleet, observer } = telemetryBench();
      const ticks = ticksOf(clock, { leases, owner, random: Math.random });
      const options = { ...OPTIONS, autostart: true };
      return {
        commands,
        schedules: new TelemetrySchedules(commands.bus, ticks, new SequentialIds(), fleet, observer, options),
      };
    });
    for (const { schedules } of replicas) schedules.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(10 * MINUTE - 5_000);
    const turns = replicas.flatMap(({ commands }) => commands.of(ObserveFleet).map(({ region }) => region));
    expect(turns.filter((region) => region === 'us-east-1')).toHaveLength(10);
    expect(turns.filter((region) => region === 'eu-west-1')).toHaveLength(10);
    for (const { schedules } of replicas) await schedules.beforeApplicationShutdown();
  });
});
