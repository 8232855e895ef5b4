import { Logger } from '@nestjs/common';
import { MINUTE, plus } from '../../kernel/clocks';
import { derivedId } from '../../kernel/ids';
import { PlanStop } from '../../workers';
import { type ObservedUse } from '../domain/idle-input';
import { aSignal, minutesAgo, NOW } from '../testing/idle-input.builder';
import { IDLE_USE, ReaperBench } from '../testing/reaper-bench';
import { aWorkerState } from '../testing/worker-state.builder';

const PLANNED = { at: NOW, reason: 'idle', decisionId: 'earlier', cause: 'idle' as const };
const DECISION = '00000000-0000-4000-8000-000000000002';
const IN_USE: ObservedUse = {
  ...IDLE_USE,
  signals: { ...IDLE_USE.signals, labs: aSignal('labs', { value: 'active', from: minutesAgo(2) }) },
};

let bench: ReaperBench;
beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(() => {
  bench = new ReaperBench();
});

describe('the reaper', () => {
  it('announces the stop of an idle worker, in its history and to people', async () => {
    bench.given(aWorkerState());
    const run = await bench.reap();
    const reason =
      'Nobody has used it since 2027-01-15T10:45:00Z: it is stopped at 2027-01-15T12:15:00Z ' +
      'unless it is used, snoozed or protected before.';
    expect(bench.workers.commands).toEqual([
      new PlanStop(
        'id-of-lab-1',
        { at: plus(NOW, 15 * MINUTE), reason, decisionId: DECISION, cause: 'idle' },
        {
          commandId: derivedId('reaper', 'announce', DECISION),
          actor: 'system:reaper',
          reason,
          correlationId: 'tick-1',
          causationId: DECISION,
        },
      ),
    ]);
    expect(bench.notifier.notices).toEqual([
      {
        id: '00000000-0000-4000-8000-000000000003',
        kind: 'stop-planned',
        workerId: 'id-of-lab-1',
        workerName: 'lab-1',
        decisionId: DECISION,
        sentence: `lab-1: ${reason}`,
        at: NOW,
      },
    ]);
    expect(run.decisions).toMatchObject([{ verdict: 'warn', action: 'announce', reason }]);
  });

  it('announces once, and stops when the announced time has come', async () => {
    bench.given(aWorkerState());
    await bench.reap();
    bench.pass(14);
    expect((await bench.reap()).decisions).toEqual([]);
    expect(bench.workers.commands).toHaveLength(1);
    bench.pass(1);
    bench.signs.answer = () => ({
      at: bench.clock.now(),
      runningLabs: 0,
      runningNodes: null,
      newestActivityAt: null,
      cpuPercent: 3,
    });
    expect((await bench.reap()).decisions).toMatchObject([{ verdict: 'stop', action: 'stop' }]);
    expect(bench.notices[1]).toBe(
      'stopped-idle | lab-1: Nobody has used it since 2027-01-15T10:45:00Z (90 min), ' +
        'the threshold is 60 min, and a live probe confirmed it.',
    );
    bench.pass(1);
    expect((await bench.reap()).counts).toMatchObject({ 'not-applicable': 1, stop: 0 });
    expect(bench.workers.commands).toHaveLength(2);
  });

  it('calls an announced stop off when somebody uses the worker', async () => {
    bench.given(aWorkerState({ plannedStop: PLANNED }), IN_USE);
    const run = await bench.reap();
    expect(bench.workers.commands).toMatchObject([{ workerId: 'id-of-lab-1', plannedStop: null }]);
    const reason =
      'The stop planned for 2027-01-15T12:00:00Z is called off. Labs: active since 2027-01-15T11:58:00Z, read 30 s ago.';
    expect(run.decisions).toMatchObject([{ verdict: 'in-use', action: 'call-off', reason }]);
    expect(bench.notices).toEqual([`stop-called-off | lab-1: ${reason}`]);
  });

  it('never stops a worker that it cannot judge, and calls its announced stop off', async () => {
    bench.given(aWorkerState({ plannedStop: PLANNED }), null);
    const run = await bench.reap();
    expect(run.decisions).toMatchObject([{ verdict: 'unknown', action: 'call-off' }]);
    expect(bench.signs.probed).toEqual([]);
    expect(bench.workers.commands).toMatchObject([{ plannedStop: null }]);
  });

  it('leaves a stop that is under way alone', async () => {
    const state = aWorkerState({ plannedStop: PLANNED });
    bench.given({ ...state, desired: { ...state.desired, state: 'STOPPED' } });
    await bench.reap();
    expect(bench.workers.commands).toEqual([]);
  });

  it('judges running workers only, and all of them', async () => {
    bench.given(aWorkerState({ name: 'a', status: 'STOPPED' }));
    bench.given(aWorkerState({ name: 'b' }), null);
    bench.given(aWorkerState({ name: 'c' }), IN_USE);
    const { counts, decisions } = await bench.reap();
    expect(counts).toEqual({
      'not-applicable': 0,
      protected: 0,
      snoozed: 0,
      'in-use': 1,
      unknown: 1,
      'idle-waiting': 0,
      warn: 0,
      stop: 0,
    });
    expect(decisions.map(({ workerName, verdict }) => [workerName, verdict])).toEqual([
      ['b', 'unknown'],
      ['c', 'in-use'],
    ]);
  });

  it('takes activity that only the observations know', async () => {
    bench.given(aWorkerState(), { ...IDLE_USE, newestActivityAt: minutesAgo(20) });
    expect((await bench.reap()).counts).toMatchObject({ 'idle-waiting': 1 });
  });

  it('lets no worker suffer from another one, and leaves the words of a fault to the log', async () => {
    bench.given(aWorkerState({ name: 'a' }));
    bench.given(aWorkerState({ name: 'b' }));
    bench.workers.failing.set('id-of-a', new Error('mongodb://10.0.0.1 is down'));
    const run = await bench.reap();
    expect(run.errors).toEqual([
      {
        workerId: 'id-of-a',
        workerName: 'a',
        message: 'It failed for a reason of its own; the log has more under the decision id.',
      },
    ]);
    expect(run.decisions).toMatchObject([{ workerName: 'b', action: 'announce' }]);
    expect(await bench.runs.find(run.id)).toEqual(run);
  });

  it('changes nothing in a dry run, and shows all that it would begin', async () => {
    bench.given(aWorkerState({ name: 'a' }));
    bench.given(aWorkerState({ name: 'b', plannedStop: PLANNED }));
    bench.given(aWorkerState({ name: 'c', plannedStop: PLANNED }), IN_USE);
    bench.given(aWorkerState({ name: 'd' }), IN_USE);
    const run = await bench.reap({ dryRun: true });
    expect(run.decisions.map(({ workerName, verdict, action }) => [workerName, verdict, action])).toEqual([
      ['a', 'warn', 'announce'],
      ['b', 'stop', 'stop'],
      ['c', 'in-use', 'call-off'],
      ['d', 'in-use', 'none'],
    ]);
    expect(run.dryRun).toBe(true);
    expect(bench.workers.commands).toEqual([]);
    expect(bench.signs.probed).toEqual([]);
    expect(bench.notices).toEqual([]);
    const real = await bench.reap();
    expect(real.decisions).toHaveLength(4);
  });
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

  it('counts anew after it was stopped', async () => {
    bench.given(aWorkerState(), null);
    await bench.reap();
    bench.given(aWorkerState({ status: 'STOPPED' }), null);
    await bench.reap();
    bench.given(aWorkerState(), null);
    bench.pass(5);
    expect((await bench.reap()).decisions).toMatchObject([{ verdict: 'unknown', action: 'none' }]);
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
