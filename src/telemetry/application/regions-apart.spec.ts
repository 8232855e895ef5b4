import { type CommandBus } from '@nestjs/cqrs';
import { MemoryLeases } from '../../event-store/memory/memory-leases';
import { ticksOf } from '../../event-store/testing/leased-ticks';
import { MINUTE, SystemClock } from '../../kernel/clocks';
import { SequentialIds } from '../../kernel/ids';
import { aWorker, WORKER_ID } from '../../workers/testing/worker.builder';
import { anInstance } from '../testing/fake-ec2';
import { OPTIONS, telemetryBench } from '../testing/telemetry-bench';
import { ObserveCml } from './observe-cml.command';
import { type ObserveFleet } from './observe-fleet.command';
import { TelemetrySchedules } from './telemetry.schedules';

const [AMERICA, EUROPE] = ['us-east-1', 'eu-west-1'];

/** A process whose ticks run in machine time, with one worker in each of two regions. */
function aProcess() {
  const parts = telemetryBench();
  const europe = aWorker({ awsRegion: EUROPE }, '00000000-0000-4000-8000-000000000002').launched('i-2');
  parts.queries.workers = [aWorker().running().state, europe.running().state];
  parts.ec2.listed.set(AMERICA, [anInstance()]);
  parts.ec2.listed.set(EUROPE, [anInstance({ instanceId: 'i-2' })]);
  const swept: string[] = [];
  const bus = {
    execute: async (command: ObserveFleet | ObserveCml) => {
      if (command instanceof ObserveCml) return;
      await parts.observeFleet.execute(command);
      swept.push(command.region);
    },
  };
  const machine = new SystemClock();
  const ticks = ticksOf(machine, { leases: new MemoryLeases(machine), told: [] });
  const options = { ...OPTIONS, cloudwatchSeconds: 0, autostart: true };
  const schedules = new TelemetrySchedules(
    bus as unknown as CommandBus,
    ticks,
    new SequentialIds(),
    parts.clock,
    parts.observer,
    options,
  );
  const sweepsOf = (region: string) => swept.filter((one) => one === region).length;
  return { ...parts, schedules, sweepsOf };
}

function aGate() {
  let open = () => {};
  const opened = new Promise<void>((done) => (open = done));
  return { opened, open: () => open() };
}

describe('a region', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('is swept each minute while EC2 hangs in another, and that one again once it answers', async () => {
    const { schedules, ec2, sweepsOf } = aProcess();
    const gate = aGate();
    ec2.held.set(AMERICA, gate.opened);
    schedules.start();
    await jest.advanceTimersByTimeAsync(4 * MINUTE - 5_000);
    expect([sweepsOf(EUROPE), sweepsOf(AMERICA)]).toEqual([4, 0]);

    ec2.held.clear();
    gate.open();
    await jest.advanceTimersByTimeAsync(2 * MINUTE);
    expect([sweepsOf(EUROPE), sweepsOf(AMERICA)]).toEqual([6, 3]);
    await schedules.stop();
  });

  it("is swept each minute while the database does not take what another's sweep read", async () => {
    const { schedules, observations, sweepsOf } = aProcess();
    const gate = aGate();
    const save = observations.save.bind(observations);
    observations.save = async (readings) => {
      if (readings.some(({ workerId }) => workerId === WORKER_ID)) await gate.opened;
      await save(readings);
    };
    schedules.start();
    await jest.advanceTimersByTimeAsync(4 * MINUTE - 5_000);
    expect([sweepsOf(EUROPE), sweepsOf(AMERICA)]).toEqual([4, 0]);
    gate.open();
    await schedules.stop();
    expect(sweepsOf(AMERICA)).toBe(1);
  });
});
