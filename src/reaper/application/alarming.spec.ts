import { Logger } from '@nestjs/common';
import { HOUR, MINUTE, plus } from '../../kernel/clocks';
import { type ObservedUse } from '../domain/signals/idle-input';
import { MemoryVerdictBook } from '../persistence/verdict-book.memory-store';
import { aSignal, minutesAgo, NOW } from '../testing/idle-input.builder';
import { IDLE_USE, ReaperBench } from '../testing/reaper-bench';
import { aWorkerState } from '../testing/worker-state.builder';

const IN_USE: ObservedUse = {
  ...IDLE_USE,
  signals: { ...IDLE_USE.signals, labs: aSignal('labs', { value: 'active', from: minutesAgo(2) }) },
};
const UP_FOR_LONG = aWorkerState({ runningSince: plus(NOW, -40 * HOUR) });
const FORGOTTEN: ObservedUse = {
  ...IDLE_USE,
  signals: { ...IDLE_USE.signals, labs: aSignal('labs', { value: 'active', from: plus(NOW, -30 * HOUR) }) },
  newestActivityAt: plus(NOW, -11 * HOUR),
  lastLabs: { running: 1, at: minutesAgo(0.5) },
};

let bench: ReaperBench;
beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(() => {
  bench = new ReaperBench();
});

describe('a worker that cannot be judged', () => {
  it('is alarmed about once, after two observations, until it was judged again', async () => {
    bench.given(aWorkerState(), null);
    expect((await bench.reap()).decisions).toMatchObject([{ verdict: 'unknown', action: 'none' }]);
    bench.pass(1);
    expect((await bench.reap()).decisions).toEqual([]);
    bench.pass(1);
    expect((await bench.reap()).decisions).toMatchObject([{ verdict: 'unknown', action: 'alarm' }]);
    bench.pass(60);
    await bench.reap();
    expect(bench.notices).toEqual([
      'unreadable | lab-1: For 2 min nobody can tell whether it is in use. EC2: never read. Labs: never read. ' +
        'CPU: never read. Activity: never read. Sessions: never read. It is kept running.',
    ]);

    bench.signs.use.set('id-of-lab-1', { ...IN_USE });
    bench.pass(0);
    expect((await bench.reap()).counts).toMatchObject({ 'in-use': 1 });
    bench.signs.use.delete('id-of-lab-1');
    await bench.reap();
    bench.pass(2);
    await bench.reap();
    expect(bench.notices).toHaveLength(2);
  });

  it('is the same episode for another process, and for one that died before it noted that people were told', async () => {
    bench.given(aWorkerState(), null);
    await bench.reap();
    bench.pass(2);
    const noting = jest
      .spyOn(MemoryVerdictBook.prototype, 'alarmed')
      .mockRejectedValueOnce(new Error('killed'));
    expect((await bench.reap()).errors).toHaveLength(1);
    noting.mockRestore();
    const other = bench.another();
    expect((await other.reap()).decisions).toMatchObject([{ action: 'alarm' }]);
    bench.pass(1);
    expect((await bench.another().reap()).decisions).toEqual([]);
    expect(bench.told.alarms).toHaveLength(1);
  });

  it('counts anew after it was stopped', async () => {
    bench.given(aWorkerState(), null);
    await bench.reap();
    bench.given(aWorkerState({ status: 'STOPPED' }), null);
    await bench.reap();
    bench.given(aWorkerState(), null);
    bench.pass(5);
    expect((await bench.reap()).decisions).toMatchObject([{ verdict: 'unknown', action: 'none' }]);
    const verdicts = await bench.book.between('id-of-lab-1', minutesAgo(1), plus(NOW, HOUR));
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['unknown', 'not-applicable', 'unknown']);
  });

  it('is not alarmed about while its CML server boots, for 30 minutes at most', async () => {
    bench.given(aWorkerState({ serviceStatus: 'STARTING', runningSince: NOW }), null);
    await bench.reap();
    bench.pass(29);
    await bench.reap();
    expect(bench.notices).toEqual([]);
    bench.pass(1);
    await bench.reap();
    expect(bench.notices).toHaveLength(1);
  });
});

describe('labs that nobody has used for long', () => {
  it('are told of after twelve hours, once, and are left alone', async () => {
    bench.given(UP_FOR_LONG, FORGOTTEN);
    expect((await bench.reap()).decisions).toMatchObject([{ verdict: 'in-use', action: 'none' }]);
    bench.pass(60);
    expect((await bench.reap()).decisions).toMatchObject([{ verdict: 'in-use', action: 'alarm' }]);
    bench.pass(60);
    expect((await bench.another().reap()).decisions).toEqual([]);
    expect(bench.told.alarms).toMatchObject([
      {
        kind: 'labs-forgotten',
        sentence:
          'lab-1: Labs run, and nobody has done anything since 2027-01-15T01:00:00Z (12 h). It is kept running.',
      },
    ]);
    expect(bench.workers.commands).toEqual([]);
  });

  it('are told of again after somebody used them', async () => {
    bench.given(UP_FOR_LONG, { ...FORGOTTEN, newestActivityAt: plus(NOW, -13 * HOUR) });
    await bench.reap();
    bench.given(UP_FOR_LONG, { ...FORGOTTEN, newestActivityAt: plus(NOW, MINUTE) });
    bench.pass(11 * 60);
    await bench.reap();
    expect(bench.told.alarms).toHaveLength(1);
    bench.pass(2 * 60);
    await bench.reap();
    expect(bench.told.alarms).toHaveLength(2);
  });
});

it('writes down verdicts as they change, with the policies behind them', async () => {
  bench.given(aWorkerState(), IN_USE);
  await bench.reap();
  bench.pass(1);
  await bench.reap();
  bench.given(aWorkerState());
  bench.pass(1);
  const run = await bench.reap();
  const { decisionId = '' } = run.decisions[0] ?? {};
  const verdicts = await bench.book.between('id-of-lab-1', NOW, plus(NOW, HOUR));
  expect(verdicts).toMatchObject([
    { verdict: 'in-use', at: NOW, cause: null },
    { verdict: 'warn', at: plus(NOW, 2 * MINUTE), cause: 'idle', decisionId, policyLayers: ['settings@0'] },
  ]);
});
