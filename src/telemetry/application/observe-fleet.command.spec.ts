import { Logger } from '@nestjs/common';
import { eventually } from '../../../test/support/eventually';
import { aTurn } from '../../event-store/testing/leased-ticks';
import { RecordInstances, UpdateServiceStatus } from '../../workers';
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
  const held = { until: Infinity };
  const turn = aTurn(parts.clock, () => parts.cml.asked.length < held.until);
  const sweepOf = (region: string) => parts.observeFleet.execute(new ObserveFleet(region, turn, CONTEXT));
  const sweep = async () => {
    await Promise.all((given?.regions ?? OPTIONS.regions).map(sweepOf));
  };
  const sourcesOf = async (id: string) => Object.keys(await parts.observations.of(id));
  return { ...parts, held, sweep, sourcesOf };
}

// what goes wrong on purpose here need not be read
beforeAll(() => {
  Logger.overrideLogger(false);
});

function tenWorkers() {
  return Array.from({ length: 10 }, (_, index) =>
    aWorker({}, `00000000-0000-4000-8000-0000000001${String(index).padStart(2, '0')}`)
      .launched(`i-${index}`)
      .running(),
  ).map(({ state }) => state);
}

const ALL = ['ec2', 'cml-system', 'cml-labs', 'cml-activity'];

describe('a sweep over the fleet', () => {
  it('reads EC2 and then the CML server of each running worker', async () => {
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

  it('goes on with CML, and elsewhere, where EC2 cannot be read or a worker cannot be told', async () => {
    const { sweep, sourcesOf, ec2, commands } = bench();
    ec2.failing.set('us-east-1', throttled());
    commands.refuse(RecordInstances, new Error('the store is away'));
    await sweep();
    expect(await sourcesOf(WORKER_ID)).toEqual(ALL);
    expect(await sourcesOf(EUROPE_ID)).toEqual(ALL);
  });

  it('goes on with other workers where one cannot be told', async () => {
    const { sweep, queries, commands } = bench();
    const second = aWorker({ name: 'lab-3' }, EUROPE_ID).launched('i-3').running();
    queries.workers = [aWorker().running().state, second.state];
    commands.refuse(UpdateServiceStatus, new Error('the store is away'));
    await sweep();
    expect(commands.of(UpdateServiceStatus).map(({ workerId }) => workerId)).toEqual([WORKER_ID, EUROPE_ID]);
  });

  it('asks no CML server that does not run, has no address, or when there are no credentials', async () => {
    const { sweep, queries, cml } = bench();
    queries.workers = [aWorker().launched().state, { ...europe().state, publicIp: null }];
    await sweep();
    expect(cml.asked).toEqual([]);
    const disabled = bench({ cmlEnabled: false });
    await disabled.sweep();
    expect(disabled.cml.asked).toEqual([]);
    expect(await disabled.sourcesOf(WORKER_ID)).toEqual(['ec2']);
  });

  it('asks at the private address where that is chosen', async () => {
    const { sweep, cml } = bench({ address: 'private', regions: ['us-east-1'] });
    await sweep();
    expect(cml.asked.map(({ host }) => host)).toEqual(['10.0.0.10', '10.0.0.10', '10.0.0.10']);
  });

  it('reads so many CML servers at once, and no more', async () => {
    const { sweep, queries, cml, commands } = bench({ concurrency: 3 });
    queries.workers = tenWorkers();
    await sweep();
    expect(cml.mostAtOnce).toBe(3);
    expect(commands.of(UpdateServiceStatus)).toHaveLength(10);
  });

  it('comes to no further worker once its lease is lost, and tells under which one it was', async () => {
    const { sweep, held, queries, cml, sweeps } = bench({ concurrency: 1, regions: ['us-east-1'] });
    queries.workers = tenWorkers();
    held.until = 6; // three requests for each server
    await sweep();
    expect(cml.asked).toHaveLength(6);
    expect((await sweeps.all()).get('us-east-1')).toMatchObject({ owner: 'replica-1', fence: 1 });
  });
});
