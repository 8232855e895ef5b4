import { Logger } from '@nestjs/common';
import { eventually } from '../../../test/support/eventually';
import { aTurn } from '../../event-store/testing/leased-ticks';
import { RecordInstances } from '../../workers';
import { aWorker, WORKER_ID } from '../../workers/testing/worker.builder';
import { anInstance, throttled } from '../testing/fake-ec2';
import { CONTEXT, OPTIONS, telemetryBench } from '../testing/telemetry-bench';
import { ObserveFleet } from './observe-fleet.command';

const EUROPE_ID = '00000000-0000-4000-8000-000000000002';
const europe = () => aWorker({ awsRegion: 'eu-west-1' }, EUROPE_ID).launched('i-2').running();

function bench(given: Parameters<typeof telemetryBench>[0] = {}) {
  const parts = telemetryBench(given);
  parts.queries.workers = [aWorker().running().state, europe().state];
  parts.ec2.listed.set('us-east-1', [anInstance()]);
  parts.ec2.listed.set('eu-west-1', [anInstance({ instanceId: 'i-2' })]);
  const turn = aTurn(parts.clock);
  const sweepOf = (region: string) => parts.observeFleet.execute(new ObserveFleet(region, turn, CONTEXT));
  const sweep = async () => {
    await Promise.all((given?.regions ?? OPTIONS.regions).map(sweepOf));
  };
  const sourcesOf = async (id: string) => Object.keys(await parts.observations.of(id));
  return { ...parts, sweep, sourcesOf };
}

// what goes wrong on purpose here need not be read
beforeAll(() => {
  Logger.overrideLogger(false);
});

const ALL = ['ec2'];

describe('a sweep over the fleet', () => {
  it('reads EC2 of each region', async () => {
    const { sweep, sourcesOf, commands } = bench();
    await sweep();
    expect(await sourcesOf(WORKER_ID)).toEqual(ALL);
    expect(await sourcesOf(EUROPE_ID)).toEqual(ALL);
    const regions = commands.of(RecordInstances).map(({ reading }) => reading.region);
    expect(regions.sort()).toEqual(['eu-west-1', 'us-east-1']);
    const ids = commands.executed.map((command) => (command as RecordInstances).context.commandId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is not delayed in one region by another that hangs', async () => {
    const { sweep, sourcesOf, ec2 } = bench();
    let answer = () => {};
    ec2.held.set('us-east-1', new Promise((done) => (answer = done)));
    const sweeping = sweep();
    await eventually(async () => expect(await sourcesOf(EUROPE_ID)).toEqual(ALL));
    expect(await sourcesOf(WORKER_ID)).toEqual([]);
    answer();
    await sweeping;
    expect(await sourcesOf(WORKER_ID)).toEqual(ALL);
  });

  it('goes on elsewhere where EC2 cannot be read or a worker cannot be told', async () => {
    const { sweep, sourcesOf, ec2, commands } = bench();
    ec2.failing.set('us-east-1', throttled());
    commands.refuse(RecordInstances, new Error('the store is away'));
    await sweep();
    expect(await sourcesOf(WORKER_ID)).toEqual(ALL);
    expect(await sourcesOf(EUROPE_ID)).toEqual(ALL);
  });

  it('leaves the CML servers to a tick of their own', async () => {
    const { sweep, cml } = bench();
    await sweep();
    expect(cml.asked).toEqual([]);
  });

  it('tells under which lease it was', async () => {
    const { sweep, sweeps } = bench();
    await sweep();
    expect((await sweeps.all()).get('us-east-1')).toMatchObject({ owner: 'replica-1', fence: 1 });
  });
});
