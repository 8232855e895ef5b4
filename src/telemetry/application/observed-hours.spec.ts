import { Logger } from '@nestjs/common';
import { MINUTE, plus } from '../../kernel/clocks';
import { aWorker } from '../../workers/testing/worker.builder';
import { activityValues, failing, labsValues, systemValues } from '../testing/fake-cml';
import { ObservedWorker } from '../testing/observed-worker';

/** One in service, whose signals are known. */
async function settled(answers: Parameters<ObservedWorker['answer']>[0] = {}) {
  const observed = new ObservedWorker(aWorker().running());
  observed.answer(answers);
  await observed.minutes(3);
  const settledWith = observed.events.length;
  return { observed, since: () => observed.events.slice(settledWith) };
}

afterEach(() => jest.restoreAllMocks());

describe('an hour', () => {
  it('of readings that say the same makes no event', async () => {
    const { observed, since } = await settled();
    await observed.minutes(60);
    expect(since()).toEqual([]);
    expect(observed.state).toMatchObject({ serviceStatus: 'AVAILABLE', activeLabsCount: 0 });
  });

  it('of running labs makes one each ten minutes, since they move the last activity', async () => {
    const { observed, since } = await settled({ labs: labsValues(2) });
    await observed.minutes(60);
    expect(since()).toEqual(Array(6).fill('worker.telemetry-updated'));
    expect(observed.state).toMatchObject({ lastActivitySource: 'cml-labs', lastActivityKind: 'lab-running' });
  });

  it('of a high load without any lab event is use', async () => {
    const { observed, since } = await settled({ system: systemValues({ cpuPercent: 90 }) });
    await observed.minutes(60);
    expect(since()).toEqual(Array(6).fill('worker.telemetry-updated'));
    const now = observed.bench.clock.now();
    expect(observed.state).toMatchObject({
      ...{
        lastActivityAt: plus(now, -2 * MINUTE),
        lastActivitySource: 'cml-system',
        lastActivityKind: 'cpu',
      },
    });
    const cpu = await observed.bench.history.between(observed.state.id, plus(now, -60 * MINUTE), now);
    const values = cpu.flatMap(({ signal, value }) => (signal === 'cpu' ? [value] : []));
    expect(values).toEqual(['active']);
  });

  it('of a server that wavers between two troubles makes few', async () => {
    const { observed, since } = await settled();
    await observed.minutes(60, (minute) => {
      const trouble = minute % 2 ? { ready: false } : { healthy: false };
      observed.answer({ system: systemValues(trouble) });
    });
    const told = since().filter((type) => type === 'worker.service-status-updated');
    expect(told.length).toBe(12);
    expect(observed.state.serviceStatus).toBe('ERROR');
  });

  it('of a server that stays unhealthy makes one', async () => {
    const { observed, since } = await settled({ system: systemValues() });
    observed.answer({ system: systemValues({ healthy: false }) });
    await observed.minutes(60);
    expect(since()).toEqual(['worker.service-status-updated']);
  });

  it('of a server that is silent every other time makes none', async () => {
    const { observed, since } = await settled();
    await observed.minutes(60, (minute) =>
      observed.answer({ system: minute % 2 ? systemValues() : failing('timeout') }),
    );
    expect(since().filter((type) => type === 'worker.service-status-updated')).toEqual([]);
  });
});

describe('a change of meaning', () => {
  it('is another lab count, another version, and a signal that turns', async () => {
    const { observed, since } = await settled();
    observed.answer({ labs: labsValues(1) });
    await observed.minutes(1);
    observed.answer({ labs: labsValues(2) });
    await observed.minutes(1);
    observed.answer({ system: systemValues({ version: '2.9.1' }) });
    await observed.minutes(1);
    const { clock } = observed.bench;
    const act = { newestActAt: clock.now(), newestSessionAt: null, newestCategory: 'start_node' };
    observed.answer({ activity: { ...activityValues(clock.now()), ...act } });
    await observed.minutes(1);
    expect(since()).toEqual([
      ...['worker.telemetry-updated', 'worker.telemetry-updated'],
      ...['worker.version-updated', 'worker.telemetry-updated'],
    ]);
  });

  it('is a lab that somebody edits though none runs, which is kept to the minute', async () => {
    const edited = (modifiedAt: Date) => {
      const [lab] = labsValues(1).labs;
      if (!lab) throw new Error('there is one');
      return { total: 1, running: 0, labs: [{ ...lab, state: 'STOPPED', modifiedAt }] };
    };
    const { observed, since } = await settled({ labs: edited(new Date('2026-03-02T07:00:00.000Z')) });
    await observed.minutes(2);
    const { clock } = observed.bench;
    observed.answer({ labs: edited(clock.now()) });
    await observed.minutes(1);
    const seenAt = clock.now();
    await observed.minutes(9);
    expect(since()).toEqual(['worker.telemetry-updated', 'worker.telemetry-updated']);
    expect(observed.state).toMatchObject({
      lastActivityAt: seenAt,
      ...{ lastActivitySource: 'cml-labs', lastActivityKind: 'lab-changed' },
    });
    const labs = (await observed.bench.history.between(observed.state.id, seenAt, clock.now())).filter(
      ({ signal }) => signal === 'labs',
    );
    expect(labs.map(({ value, from }) => [value, from])).toEqual([
      ['active', seenAt],
      ['idle', plus(seenAt, 4 * MINUTE)],
    ]);
  });

  it('are nodes that run though no lab does: from the reading that shows them on the labs are unknown', async () => {
    const { observed, since } = await settled();
    observed.answer({ system: systemValues({ runningNodes: 2 }) });
    await observed.minutes(1);
    const { history, clock } = observed.bench;
    const labs = (await history.current([observed.state.id])).get(observed.state.id)?.get('labs');
    expect([labs?.value, labs?.from]).toEqual(['unknown', clock.now()]);
    expect(since()).toEqual(['worker.telemetry-updated']);
  });

  it('is a version that is not tried, of which the log warns once', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const { observed } = await settled();
    observed.answer({ system: systemValues({ version: '2.10.0' }) });
    await observed.minutes(10);
    const detail = 'CML 2.10 and later are expected to work, but are not tried. Use an image with CML 2.9.';
    const line = { workerId: observed.state.id, cmlVersion: '2.10.0', level: 'warned', detail };
    expect(warn.mock.calls).toEqual([[line, 'CML version']]);
    expect(observed.state.serviceStatus).toBe('AVAILABLE');
  });

  it('is a version that is refused: read, and neither offered nor idle', async () => {
    jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const { observed } = await settled();
    observed.answer({ system: systemValues({ version: '3.0.0' }) });
    expect(await observed.minutes(2)).toEqual(['AVAILABLE', 'ERROR']);
    expect(observed.state.serviceReason?.code).toBe('version-unsupported');
    const signals = (await observed.bench.history.current([observed.state.id])).get(observed.state.id);
    expect([signals?.get('labs')?.value, signals?.get('cpu')?.value]).toEqual(['unknown', 'unknown']);
  });
});
