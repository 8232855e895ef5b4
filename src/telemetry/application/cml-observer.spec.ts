import { MINUTE, plus } from '../../kernel/clocks';
import { RecordCertificate, UpdateServiceStatus, UpdateTelemetry } from '../../workers';
import { aWorker, at, ENDPOINT, PUBLIC_IP, WORKER_ID } from '../../workers/testing/worker.builder';
import { activityValues, CERTIFICATE, failing, labsValues, systemValues } from '../testing/fake-cml';
import { known, observerBench, settled } from '../testing/observer-bench';

describe('the observation of a CML server', () => {
  it('keeps system, labs and activity, each with its own time', async () => {
    const { clock, cml, observe, sources } = observerBench();
    cml.set(PUBLIC_IP, { labs: labsValues(2), activity: activityValues(at(30)) });
    await observe();
    const read = {
      workerId: WORKER_ID,
      observedAt: clock.now(),
      sweepId: null,
      lastError: null,
      goodReads: 1,
      failedReads: 0,
    };
    expect(await sources()).toEqual({
      'cml-system': { ...read, source: 'cml-system', values: systemValues() },
      'cml-labs': { ...read, source: 'cml-labs', values: labsValues(2) },
      'cml-activity': {
        ...read,
        source: 'cml-activity',
        values: { ...activityValues(at(30)), newestFoundAt: null, firstReadAt: clock.now() },
      },
    });
  });

  it('hands on what is known of the activity, so that only newer events are read', async () => {
    const { clock, cml, observe } = observerBench();
    cml.set(PUBLIC_IP, { activity: activityValues(at(30)) });
    const firstReadAt = clock.now();
    await observe();
    await observe();
    expect(cml.knownActivity).toEqual([
      null,
      { ...activityValues(at(30)), newestFoundAt: null, firstReadAt },
    ]);
  });

  it('wipes nothing where one of the three fails', async () => {
    const { clock, cml, observe, sources } = await settled();
    const before = await sources();
    cml.set(PUBLIC_IP, { labs: failing('refused') });
    await observe();
    const after = await sources();
    const lastError = { code: 'refused', message: 'it is refused', at: clock.now() };
    expect(after['cml-labs']).toEqual({ ...before['cml-labs'], lastError, goodReads: 0, failedReads: 1 });
    expect(after['cml-activity']?.observedAt).toEqual(clock.now());
    expect(after['cml-system']?.observedAt).toEqual(clock.now());
  });

  it.each(['unreachable', 'timeout', 'not-ready', 'certificate', 'credentials'] as const)(
    'asks for nothing more of a server that is %s, and keeps that all three failed',
    async (failure) => {
      const { cml, observe, sources } = await settled();
      cml.set(PUBLIC_IP, { system: failing(failure) });
      await observe();
      expect(cml.asked.map(({ what }) => what)).toEqual(['system']);
      const codes = Object.values(await sources()).map(({ lastError }) => lastError?.code);
      expect(codes).toEqual([failure, failure, failure]);
    },
  );

  it('reads the labs although the system resource is refused', async () => {
    const { cml, observe, sources } = await settled();
    cml.set(PUBLIC_IP, { system: failing('refused'), labs: labsValues(1) });
    await observe();
    expect((await sources())['cml-labs']?.values?.running).toBe(1);
  });

  it('is begun after the one that is under way, which may have asked too early', async () => {
    const { cml, observer, observe } = observerBench();
    let answer = () => {};
    cml.held = new Promise((done) => (answer = done));
    const first = observe();
    const others = [observe(), observe()];
    expect(observer.isUnderWay(WORKER_ID)).toBe(true);
    answer();
    expect(await first).not.toBe(await others[0]);
    await others[1];
    expect(cml.asked.filter(({ what }) => what === 'system')).toHaveLength(3);
    expect(cml.mostAtOnce).toBe(1);
    expect(observer.isUnderWay(WORKER_ID)).toBe(false);
  });

  it('writes the history of the signals from the first reading on', async () => {
    const { clock, cml, observe, history } = observerBench();
    const start = clock.now();
    await observe();
    clock.advance(MINUTE);
    await observe();
    clock.advance(MINUTE);
    cml.set(PUBLIC_IP, { labs: labsValues(1) });
    await observe();
    const labs = (await history.between(WORKER_ID, start, clock.now())).filter(
      ({ signal }) => signal === 'labs',
    );
    expect(labs).toMatchObject([
      { value: 'idle', from: start, to: plus(start, MINUTE), readings: 2, longestGapMs: MINUTE },
      { value: 'active', from: clock.now(), to: clock.now(), readings: 1 },
    ]);
  });
});

describe('what a worker is told', () => {
  it('is nothing where nothing changed', async () => {
    const { observe, commands } = await settled();
    await observe();
    expect(commands.executed).toEqual([]);
  });

  it('is the service at the second good reading, with endpoint and version', async () => {
    const { observe, commands } = observerBench(aWorker().running().state, { cmlPort: 8443 });
    await observe();
    await observe();
    const httpsEndpoint = `${ENDPOINT}:8443`;
    const told = { workerId: WORKER_ID, httpsEndpoint, cmlVersion: '2.9.0' };
    expect(commands.of(UpdateServiceStatus)).toMatchObject([
      { ...told, status: 'STARTING' },
      { ...told, status: 'AVAILABLE' },
    ]);
  });

  it('is no endpoint of a server that does not answer', async () => {
    const { observe, cml, commands } = await settled();
    cml.set(PUBLIC_IP, { system: failing('unreachable') });
    for (const _ of [1, 2, 3]) await observe();
    expect(commands.of(UpdateServiceStatus)).toMatchObject([
      { status: 'UNAVAILABLE', httpsEndpoint: null, cmlVersion: null },
    ]);
  });

  it('is the first certificate, under which the other resources are then read', async () => {
    const { observe, cml, commands } = observerBench(aWorker().serving().state);
    await observe();
    expect(cml.asked.map(({ pin }) => pin)).toEqual([null, CERTIFICATE, CERTIFICATE]);
    expect(commands.of(RecordCertificate)).toMatchObject([{ workerId: WORKER_ID, fingerprint: CERTIFICATE }]);
  });

  it('is another certificate, once, and when the old one is back', async () => {
    const { observe, cml, commands } = await settled();
    cml.set(PUBLIC_IP, { system: failing('certificate', 'CC:DD') });
    await observe();
    const presented = {
      ...known(),
      certificate: { pinned: CERTIFICATE, presented: 'CC:DD', changedAt: at(60) },
    };
    await observe(presented);
    cml.set(PUBLIC_IP, { system: systemValues() });
    await observe(presented);
    const fingerprints = commands.of(RecordCertificate).map(({ fingerprint }) => fingerprint);
    expect(fingerprints).toEqual(['CC:DD', CERTIFICATE]);
    expect(commands.of(UpdateServiceStatus)[0]).toMatchObject({ status: 'ERROR' });
  });

  it('is the count of labs, with the load and when it was used, when a signal turns', async () => {
    const { clock, observe, cml, commands } = await settled();
    cml.set(PUBLIC_IP, { labs: labsValues(2), system: systemValues({ cpuPercent: 55, memoryPercent: 66 }) });
    await observe();
    expect(commands.of(UpdateTelemetry)).toMatchObject([
      {
        workerId: WORKER_ID,
        reading: {
          lastActivityAt: clock.now(),
          activeLabsCount: 2,
          cpuUtilization: 55,
          memoryUtilization: 66,
          signalTurned: true,
        },
      },
    ]);
  });

  it('is another count of labs although no signal turned, and activity only when it moved by ten minutes', async () => {
    const { clock, observe, cml, commands } = observerBench();
    cml.set(PUBLIC_IP, { labs: labsValues(2) });
    const busy = (lastActivityAt: Date) => ({ ...known(), activeLabsCount: 2, lastActivityAt });
    await observe(busy(clock.now()));
    commands.executed.length = 0;
    await observe(busy(plus(clock.now(), -10 * MINUTE + 1)));
    expect(commands.of(UpdateTelemetry)).toEqual([]);
    await observe(busy(plus(clock.now(), -10 * MINUTE)));
    await observe({ ...busy(clock.now()), activeLabsCount: 1 });
    expect(commands.of(UpdateTelemetry).map(({ reading }) => reading)).toMatchObject([
      { activeLabsCount: 2, lastActivityAt: clock.now(), signalTurned: false },
      { activeLabsCount: 2, lastActivityAt: clock.now(), signalTurned: false },
    ]);
  });

  it('is never a count that was not read just now', async () => {
    const { observe, cml, commands, clock } = await settled();
    cml.set(PUBLIC_IP, { system: failing('timeout') });
    clock.advance(10 * MINUTE);
    await observe();
    expect(commands.of(UpdateTelemetry)).toMatchObject([
      {
        reading: { activeLabsCount: null, cpuUtilization: null, memoryUtilization: null, signalTurned: true },
      },
    ]);
  });
});
