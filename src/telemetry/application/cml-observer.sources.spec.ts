import { MINUTE } from '../../kernel/clocks';
import { UpdateServiceStatus, UpdateTelemetry } from '../../workers';
import { aWorker, PUBLIC_IP, WORKER_ID } from '../../workers/testing/worker.builder';
import { CML_SOURCES, type CmlSource } from '../domain/cml-source';
import { failing, labsValues, systemValues, UNLICENSED } from '../testing/fake-cml';
import { known, observerBench, settled, USUAL } from '../testing/observer-bench';
import { CONTEXT } from '../testing/telemetry-bench';
import { type CmlRead } from './cml-listeners';

describe('one source of a CML server', () => {
  it('is read alone, and nothing is said of the others', async () => {
    const { cml, read, sources, clock, commands } = await settled();
    const before = await sources();
    cml.set(PUBLIC_IP, { labs: labsValues(2), system: failing('unreachable') });
    const { error } = await read('cml-labs');
    expect(cml.asked.map(({ what }) => what)).toEqual(['labs']);
    const labs = { values: labsValues(2), observedAt: clock.now(), goodReads: 3 };
    expect(await sources()).toEqual({ ...before, 'cml-labs': { ...before['cml-labs'], ...labs } });
    expect(error).toBeNull();
    expect(commands.of(UpdateServiceStatus)).toEqual([]);
    expect(commands.of(UpdateTelemetry)).toMatchObject([
      {
        reading: {
          activeLabsCount: 2,
          cpuUtilization: null,
          lastActivityAt: clock.now(),
          signalTurned: true,
        },
      },
    ]);
  });

  it('decides nothing of the service, unless it is the system', async () => {
    const { read, commands } = observerBench(aWorker().running().state);
    const told = () => commands.of(UpdateServiceStatus).map(({ status }) => status);
    await read('cml-system');
    await read('cml-labs', 'cml-activity', 'cml-license');
    expect(told()).toEqual(['STARTING']);
    await read('cml-system');
    expect(told()).toEqual(['STARTING', 'AVAILABLE']);
  });

  it('fails alone: a server that hangs at its labs is no server that is down', async () => {
    const { cml, read, sources, commands } = await settled();
    const before = await sources();
    cml.set(PUBLIC_IP, { labs: failing('timeout') });
    expect((await read('cml-labs')).error).toEqual(failing('timeout'));
    const { 'cml-labs': labs, ...others } = await sources();
    expect(labs).toMatchObject({ values: labsValues(0), failedReads: 1, lastError: { code: 'timeout' } });
    expect({ ...others, 'cml-labs': before['cml-labs'] }).toEqual(before);
    expect(commands.executed).toEqual([]);
  });

  it('has a signal that is known for three intervals of its own', async () => {
    const { cml, read, clock, history, commands } = await settled();
    const known = async () => {
      const current = (await history.current([WORKER_ID])).get(WORKER_ID);
      return [current?.get('labs')?.value, current?.get('activity')?.value];
    };
    cml.set(PUBLIC_IP, { labs: failing('refused'), activity: failing('refused') });
    clock.advance(2 * MINUTE + 1);
    await read('cml-labs', 'cml-activity');
    expect(await known()).toEqual(['unknown', 'idle']);
    commands.executed.length = 0;
    clock.advance(3 * MINUTE);
    await read('cml-labs', 'cml-activity');
    expect(await known()).toEqual(['unknown', 'unknown']);
    expect(commands.of(UpdateTelemetry)).toMatchObject([{ reading: { signalTurned: true } }]);
  });

  it('does not break the idleness of a signal that is read each two minutes by design', async () => {
    const { read, clock, history } = await settled();
    const begun = (await history.current([WORKER_ID])).get(WORKER_ID)?.get('activity')?.from;
    for (const minutes of [1, 4, 6]) {
      clock.advance(minutes * MINUTE);
      await read('cml-activity');
    }
    expect((await history.current([WORKER_ID])).get(WORKER_ID)?.get('activity')).toMatchObject({
      ...{ value: 'idle', from: begun, readings: 4, longestGapMs: 6 * MINUTE },
    });
    clock.advance(6 * MINUTE + 1);
    await read('cml-activity');
    expect((await history.current([WORKER_ID])).get(WORKER_ID)?.get('activity')).toMatchObject({
      ...{ value: 'idle', from: clock.now(), readings: 1 },
    });
  });

  it('is read, too, once the server is back, whether it is due or not', async () => {
    const { cml, observe } = await settled();
    const asked = async (...due: CmlSource[]) => {
      cml.asked.length = 0;
      await observe(known(), due, CML_SOURCES);
      return cml.asked.map(({ what }) => what);
    };
    expect(await asked('cml-system')).toEqual(['system']);
    cml.set(PUBLIC_IP, { system: systemValues({ ready: false }) });
    expect(await asked('cml-system')).toEqual(['system']);
    cml.set(PUBLIC_IP, { system: systemValues() });
    expect(await asked('cml-system', 'cml-labs')).toEqual(['system', 'labs', 'activity', 'license']);
    cml.set(PUBLIC_IP, { system: failing('unreachable') });
    expect(await asked('cml-system')).toEqual(['system']);
    cml.set(PUBLIC_IP, { system: systemValues(), license: failing('refused') });
    expect(await asked('cml-system')).toEqual(['system', 'labs', 'activity', 'license']);
    expect(await asked('cml-system')).toEqual(['system']);
  });

  it('that was not asked for fails nobody', async () => {
    const { cml, observe } = observerBench();
    cml.set(PUBLIC_IP, { license: failing('refused') });
    expect((await observe(known(), USUAL, CML_SOURCES)).error).toBeNull();
    expect((await observe(known(), CML_SOURCES)).error).toEqual(failing('refused'));
  });
});

describe('who listens', () => {
  it('hears of labs and licence that were read and stored, with what was known before', async () => {
    const { cml, listeners, observe, read, observations } = observerBench();
    const heard: unknown[] = [];
    const hear = async ({
      before,
      after,
      licensed,
      worker,
      context,
    }: CmlRead<'cml-labs' | 'cml-license'>) => {
      const { source, values } = after;
      const stored = (await observations.of(WORKER_ID))[source] === after;
      const ids = [worker.id, context.commandId];
      heard.push({ source, values, before: before?.values, licensed, stored, ids });
    };
    listeners.onLabs(hear);
    listeners.onLicense(hear);
    await read('cml-license');
    const told = { stored: true, ids: [WORKER_ID, CONTEXT.commandId] };
    const unread = { ...told, before: undefined };
    expect(heard.splice(0)).toEqual([
      { ...unread, source: 'cml-license', values: UNLICENSED, licensed: null },
    ]);
    await observe(known(), CML_SOURCES);
    expect(heard.splice(0)).toEqual([
      { ...unread, source: 'cml-labs', values: labsValues(0), licensed: true },
      { ...told, source: 'cml-license', values: UNLICENSED, before: UNLICENSED, licensed: true },
    ]);
    cml.set(PUBLIC_IP, { labs: failing('refused'), license: failing('refused') });
    await observe(known(), CML_SOURCES);
    await read('cml-system', 'cml-activity');
    expect(heard).toEqual([]);
  });

  it('fails the observation, but not what was stored of it', async () => {
    const { listeners, read, sources } = observerBench();
    listeners.onLabs(() => Promise.reject(new Error('the store is away')));
    await expect(read('cml-labs')).rejects.toThrow('the store is away');
    expect((await sources())['cml-labs']?.values).toEqual(labsValues(0));
  });
});
