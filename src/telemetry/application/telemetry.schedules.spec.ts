import { eventually } from '../../../test/support/eventually';
import { LeasedTicks } from '../../event-store';
import { LeaseOwner } from '../../event-store/lease-owner';
import { MemoryLeases } from '../../event-store/memory/memory-leases';
import { MINUTE } from '../../kernel/clocks';
import { SequentialIds } from '../../kernel/ids';
import { OPTIONS, telemetryBench } from '../testing/telemetry-bench';
import { ObserveFleet } from './observe-fleet.command';
import { ObserveMetrics } from './observe-metrics.command';
import { type TelemetryOptions } from './telemetry.options';
import { TelemetrySchedules } from './telemetry.schedules';

function bench(given: Partial<TelemetryOptions> = {}) {
  const { clock, commands } = telemetryBench();
  const leases = new MemoryLeases(clock);
  const report = (error: unknown) => {
    throw error;
  };
  const ticks = new LeasedTicks(leases, new LeaseOwner('replica-1'), clock, report);
  const options = { ...OPTIONS, ...given };
  const schedules = new TelemetrySchedules(commands.bus, ticks, new SequentialIds(), clock, options);
  return { clock, commands, leases, schedules };
}

describe('the ticks of telemetry', () => {
  it('observe the fleet, each turn by a command of its own', async () => {
    const { commands, schedules } = bench();
    await schedules.observe.run();
    await schedules.observe.run();
    const contexts = commands.of(ObserveFleet).map(({ context }) => [context.actor, context.commandId]);
    expect(contexts).toEqual([
      ['system:telemetry', '00000000-0000-4000-8000-000000000001'],
      ['system:telemetry', '00000000-0000-4000-8000-000000000002'],
    ]);
  });

  it('leave the work to the replica that holds the lease', async () => {
    const { clock, commands, leases, schedules } = bench();
    await leases.claim('observe', 'replica-2', MINUTE);
    await schedules.observe.run();
    expect(commands.executed).toEqual([]);
    clock.advance(MINUTE);
    await schedules.observe.run();
    expect(commands.of(ObserveFleet)).toHaveLength(1);
  });

  it('can be listed; CloudWatch is among them only where it is read', async () => {
    const { commands, schedules } = bench();
    expect(schedules.ticks.map(({ name }) => name)).toEqual(['observe', 'observe-metrics']);
    await schedules.observeMetrics.run();
    expect(commands.of(ObserveMetrics)).toHaveLength(1);
    const without = bench({ cloudwatchSeconds: 0 }).schedules;
    expect(without.ticks.map(({ name }) => name)).toEqual(['observe']);
  });

  it('begin with the application, unless they are run by hand', async () => {
    const { commands, schedules } = bench({ autostart: true });
    schedules.onApplicationBootstrap();
    await eventually(() => expect(commands.executed).toHaveLength(2));
    await schedules.beforeApplicationShutdown();
    await schedules.observe.run();
    expect(commands.executed).toHaveLength(2);

    const byHand = bench();
    byHand.schedules.onApplicationBootstrap();
    await byHand.schedules.beforeApplicationShutdown();
    expect(byHand.commands.executed).toEqual([]);
  });
});
