import { eventually } from '../../../test/support/eventually';
import { RecordInstances, WorkerNotFound } from '../../workers';
import { aWorker, INSTANCE_ID, PUBLIC_IP, WORKER_ID } from '../../workers/testing/worker.builder';
import { activityValues, failing, labsValues, systemValues } from '../testing/fake-cml';
import { anInstance } from '../testing/fake-ec2';
import { CONTEXT, telemetryBench } from '../testing/telemetry-bench';
import { ObserveWorker } from './observe-worker.command';
import { ProbeWorker } from './probe-worker.command';

const NEWEST = new Date('2026-03-02T08:30:00.000Z');

function bench() {
  const parts = telemetryBench();
  parts.queries.workers = [aWorker().running().state];
  parts.ec2.hidden.set(INSTANCE_ID, anInstance());
  const observe = (id = WORKER_ID) => parts.observeWorker.execute(new ObserveWorker(id, CONTEXT));
  const probe = () => parts.probeWorker.execute(new ProbeWorker(WORKER_ID));
  return { ...parts, observe, probe };
}

describe('the observation of one worker', () => {
  it('reads its instance by id, then its CML server, and tells the worker', async () => {
    const { observe, ec2, commands, observations } = bench();
    await observe();
    expect(ec2.askedById).toEqual([[INSTANCE_ID]]);
    const sources = Object.keys(await observations.of(WORKER_ID));
    expect(sources).toEqual(['ec2', 'cml-system', 'cml-labs', 'cml-activity', 'cml-license']);
    expect(commands.of(RecordInstances)[0]?.reading).toMatchObject({
      instances: [anInstance()],
      missing: [],
    });
  });

  it('is one at a time: a second call joins the first', async () => {
    const { observe, ec2, cml } = bench();
    await Promise.all([observe(), observe()]);
    expect(ec2.askedById).toHaveLength(1);
    expect(cml.asked).toHaveLength(4);
    await observe();
    expect(ec2.askedById).toHaveLength(2);
  });

  it('asks nobody about one that has no instance, or is terminated', async () => {
    const { observe, queries, ec2, cml } = bench();
    queries.workers = [aWorker().state];
    await observe();
    queries.workers = [aWorker().terminated().state];
    await observe();
    expect(ec2.askedById).toEqual([]);
    expect(cml.asked).toEqual([]);
  });

  it('knows no worker that is not there', async () => {
    const { observe } = bench();
    await expect(observe('00000000-0000-4000-8000-000000000009')).rejects.toThrow(WorkerNotFound);
  });
});

describe('a live probe', () => {
  it('answers what it read, with the machine time at which it began, and keeps it', async () => {
    const { probe, cml, clock, observations } = bench();
    cml.set(PUBLIC_IP, {
      system: systemValues({ cpuPercent: 4, runningNodes: 5 }),
      labs: labsValues(2),
      activity: activityValues(NEWEST),
    });
    expect(await probe()).toEqual({
      workerId: WORKER_ID,
      at: clock.now(),
      runningLabs: 2,
      runningNodes: 5,
      newestActivityAt: NEWEST,
      cpuPercent: 4,
      failure: null,
    });
    expect((await observations.of(WORKER_ID))['cml-labs']?.values).toEqual(labsValues(2));
  });

  it('tells of an act that was not known, as of now where the clock of the server is behind', async () => {
    const { probe, cml, clock } = bench();
    const longAgo = new Date('2026-03-02T03:00:00.000Z');
    cml.set(PUBLIC_IP, { activity: activityValues(longAgo) });
    expect((await probe()).newestActivityAt).toEqual(longAgo);
    clock.advance(60_000);
    cml.set(PUBLIC_IP, { activity: activityValues(new Date('2026-03-02T03:00:01.000Z')) });
    const found = clock.now();
    expect((await probe()).newestActivityAt).toEqual(found);
    clock.advance(60_000);
    expect((await probe()).newestActivityAt).toEqual(found);
  });

  it('does not take the answers of an observation that was begun before it', async () => {
    const { probe, observe, cml } = bench();
    let answer = () => {};
    cml.held = new Promise((done) => (answer = done));
    const earlier = observe();
    await eventually(() => expect(cml.asked).toHaveLength(1));
    const probing = probe();
    answer();
    await Promise.all([earlier, probing]);
    expect(cml.asked.filter(({ what }) => what === 'system')).toHaveLength(2);
  });

  it('asks for nothing that it does not need', async () => {
    const { probe, cml } = bench();
    cml.set(PUBLIC_IP, { license: failing('refused') });
    await probe();
    expect(cml.asked.map(({ what }) => what)).toEqual(['system', 'labs', 'activity']);
  });

  it.each([
    ['system', { runningNodes: null, cpuPercent: null, runningLabs: 2, newestActivityAt: NEWEST }],
    ['labs', { runningNodes: 5, cpuPercent: 4, runningLabs: null, newestActivityAt: NEWEST }],
    ['activity', { runningNodes: 5, cpuPercent: 4, runningLabs: 2, newestActivityAt: null }],
  ] as const)('answers what it read where the %s cannot be, be it known from before', async (what, read) => {
    const { probe, cml } = bench();
    cml.set(PUBLIC_IP, {
      system: systemValues({ cpuPercent: 4, runningNodes: 5 }),
      labs: labsValues(2),
      activity: activityValues(NEWEST),
    });
    await probe();
    const failure = failing('refused');
    cml.set(PUBLIC_IP, { [what]: failure });
    expect(await probe()).toMatchObject({ ...read, failure: failure.message });
  });

  it('fails when nothing can be read', async () => {
    const { probe, cml } = bench();
    const none = failing('refused');
    cml.set(PUBLIC_IP, { system: none, labs: none, activity: none });
    await expect(probe()).rejects.toEqual(none);
  });

  it('fails for one that does not run', async () => {
    const { probe, queries } = bench();
    queries.workers = [aWorker().stopped().state];
    await expect(probe()).rejects.toMatchObject({ failure: 'unreachable' });
  });
});
