import { Logger } from '@nestjs/common';
import { MINUTE, plus } from '../../kernel/clocks';
import { derivedId } from '../../kernel/ids';
import { PlanStop } from '../../workers';
import { type ObservedUse } from '../domain/signals/idle-input';
import { aSignal, minutesAgo, NOW, POLICY } from '../testing/idle-input.builder';
import { IDLE_USE, ReaperBench } from '../testing/reaper-bench';
import { aWorkerState } from '../testing/worker-state.builder';
import { FixedPolicy } from './fixed-policy';

const PLANNED = { at: NOW, reason: 'idle', decisionId: 'earlier', cause: 'idle' } as const;
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

const quietAsOfNow = () => ({
  ...{ at: bench.clock.now(), runningLabs: 0, runningNodes: null },
  ...{ newestActivityAt: null, cpuPercent: 3, failure: null },
});

describe('the reaper', () => {
  it('announces the stop of an idle worker, in its history and to people', async () => {
    bench.given(aWorkerState());
    const run = await bench.reap();
    const reason =
      'Nobody has used it since 2027-01-15T10:45:00Z: it is stopped at 2027-01-15T12:05:00Z ' +
      'unless it is used, snoozed or protected before.';
    const deadline = plus(NOW, 5 * MINUTE);
    expect(bench.workers.commands).toEqual([
      new PlanStop(
        'id-of-lab-1',
        { at: deadline, reason, decisionId: DECISION, cause: 'idle' },
        {
          commandId: derivedId('reaper', 'announce', DECISION),
          actor: 'system:reaper',
          reason,
          correlationId: 'tick-1',
          causationId: DECISION,
        },
        aWorkerState().revision,
      ),
    ]);
    const notice = { stageMinutes: 5, deadline };
    expect(bench.told.told).toEqual([
      {
        ...{ workerId: 'id-of-lab-1', workerName: 'lab-1', decisionId: DECISION, ...notice },
        ...{ cause: 'idle', sentence: `lab-1: ${reason}`, emails: [] },
      },
    ]);
    expect(run.decisions).toEqual([
      {
        ...{ workerId: 'id-of-lab-1', workerName: 'lab-1', decisionId: DECISION, verdict: 'warn' },
        ...{ action: 'announce', reason, cause: 'idle', restraints: [], notice, trial: false },
      },
    ]);
  });

  it('tells each stage once, and stops when the announced time has come', async () => {
    const sinceThen = { ...IDLE_USE, newestActivityAt: minutesAgo(40) };
    const signals = Object.fromEntries(
      Object.entries(IDLE_USE.signals).map(([name, state]) => [name, { ...state, from: minutesAgo(40) }]),
    );
    bench.given(aWorkerState({ lastActivityAt: minutesAgo(40) }), { ...sinceThen, signals });
    const stages = [];
    for (let minute = 0; minute < 20; minute += 1) {
      await bench.reap();
      stages.push(bench.told.told.length);
      bench.pass(1);
    }
    // idle for 60 minutes at minute 20: told 15 and 5 minutes before
    expect(stages).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
    bench.signs.answer = quietAsOfNow;
    expect((await bench.reap()).decisions).toMatchObject([{ verdict: 'stop', action: 'stop' }]);
    expect(bench.told.told.map(({ stageMinutes, deadline }) => [stageMinutes, deadline])).toEqual([
      [15, plus(NOW, 20 * MINUTE)],
      [5, plus(NOW, 20 * MINUTE)],
    ]);
    bench.pass(1);
    expect((await bench.reap()).counts).toMatchObject({ 'not-applicable': 1, stop: 0 });
    expect(bench.workers.acts).toHaveLength(2);
    expect(bench.told.alarms).toMatchObject([
      { kind: 'stopped', sentence: expect.stringContaining('lab-1: Nobody') as string },
    ]);
  });

  it('calls an announced stop off when somebody uses the worker', async () => {
    await bench.givenDue(aWorkerState());
    bench.signs.use.set('id-of-lab-1', IN_USE);
    const run = await bench.reap();
    expect(bench.workers.commands).toMatchObject([{ workerId: 'id-of-lab-1', plannedStop: null }]);
    const reason =
      'The stop planned for 2027-01-15T12:00:00Z is called off. Labs: active since 2027-01-15T11:58:00Z, read 30 s ago.';
    expect(run.decisions).toMatchObject([{ verdict: 'in-use', action: 'call-off', reason }]);
    expect(bench.told.calledOff).toMatchObject([{ workerId: 'id-of-lab-1', why: reason }]);
  });

  it('calls a stop off that people were told of, and that a person has taken from the worker since', async () => {
    bench.given(aWorkerState());
    await bench.reap();
    const snooze = { until: minutesAgo(-90), by: 'user:bob', reason: null, at: NOW };
    bench.given(aWorkerState({ snooze, plannedStop: null }));
    bench.pass(1);
    expect((await bench.reap()).decisions).toMatchObject([{ verdict: 'snoozed', action: 'call-off' }]);
    bench.pass(1);
    expect((await bench.reap()).decisions).toEqual([]);
    expect(bench.told.calledOff).toMatchObject([
      { why: 'The planned stop is called off. Snoozed by user:bob until 2027-01-15T13:30:00Z.' },
    ]);
  });

  it('tells nobody of a stop of what does not run any more', async () => {
    bench.given(aWorkerState());
    await bench.reap();
    bench.given(aWorkerState({ status: 'STOPPED' }));
    await bench.reap();
    await bench.reap();
    expect(bench.told.calledOff).toMatchObject([{ workerId: 'id-of-lab-1' }]);
  });

  it('calls off also what should have come already, and says nothing of what has come', async () => {
    const snooze = { until: minutesAgo(-90), by: 'user:bob', reason: null, at: NOW };
    const stopped = (sendBefore: Date | null) => ({
      ...aWorkerState().desired,
      state: 'STOPPED' as const,
      sendBefore,
    });
    const states = {
      snoozed: { snooze },
      byHand: { status: 'STOPPED', desired: stopped(null) },
      byItself: { status: 'STOPPED', desired: stopped(NOW) },
    } as const;
    for (const [name, state] of Object.entries(states)) {
      await bench.givenDue(aWorkerState({ name }));
      bench.given({ ...aWorkerState({ name }), ...state, plannedStop: null });
    }
    bench.pass(1);
    await bench.reap();
    bench.pass(1);
    await bench.reap();
    expect(bench.told.calledOff.map(({ workerId }) => workerId)).toEqual(['id-of-snoozed', 'id-of-byHand']);
  });

  it('has no notice left of a stop that was sent, whoever stops the worker in its next run', async () => {
    const due = aWorkerState();
    await bench.givenDue(due);
    await bench.reap();
    bench.given({ ...due, status: 'STOPPED', desired: { ...due.desired, state: 'STOPPED' } });
    bench.pass(1);
    await bench.reap();
    expect(bench.told.calledOff).toEqual([]);
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

  it('judges running workers, those that nobody can see among them, and all of these', async () => {
    bench.given(aWorkerState({ name: 'a', status: 'STOPPED' }));
    bench.given(aWorkerState({ name: 'b' }), null);
    bench.given(aWorkerState({ name: 'c' }), IN_USE);
    bench.given(aWorkerState({ name: 'd', status: 'UNKNOWN' }));
    const { counts, decisions } = await bench.reap();
    expect(counts).toMatchObject({ 'in-use': 1, unknown: 2, stop: 0, 'not-applicable': 0 });
    expect(decisions.map(({ workerName, verdict }) => [workerName, verdict])).toEqual([
      ['b', 'unknown'],
      ['c', 'in-use'],
      ['d', 'unknown'],
    ]);
  });

  it('reads signs, notices and verdicts of all workers at once', async () => {
    for (let index = 0; index < 50; index += 1) bench.given(aWorkerState({ name: `w-${index}` }), IN_USE);
    const [facts, current, added] = [
      jest.spyOn(bench.told, 'factsOf'),
      jest.spyOn(bench.book, 'current'),
      jest.spyOn(bench.book, 'add'),
    ];
    await bench.reap();
    expect(bench.signs.asked).toBe(1);
    expect([facts, current, added].map(({ mock }) => mock.calls.length)).toEqual([1, 1, 1]);
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

  it('stores what it means to do before it does it, for when it dies', async () => {
    bench.given(aWorkerState());
    let begun: unknown;
    bench.workers.onCommand = () => {
      void bench.runs.page(1, null).then(([run]) => (begun = run));
    };
    const run = await bench.reap();
    expect(begun).toMatchObject({
      id: run.id,
      finishedAt: null,
      counts: { warn: 1 },
      decisions: [{ action: 'announce', decisionId: DECISION }],
    });
    expect(await bench.runs.page(9, null)).toHaveLength(1);
  });

  it('changes nothing in a dry run, and shows all that it would begin', async () => {
    bench.given(aWorkerState({ name: 'a' }));
    await bench.givenDue(aWorkerState({ name: 'b' }));
    bench.given(aWorkerState({ name: 'c', plannedStop: PLANNED }), IN_USE);
    bench.given(aWorkerState({ name: 'd' }), IN_USE);
    const before = bench.told.told.length;
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
    expect(bench.told.told).toHaveLength(before);
    expect(await bench.book.current()).toEqual(new Map());
    expect(await bench.control.store.load('reaper-fleet')).toEqual([]);
    const real = await bench.reap();
    expect(real.decisions).toHaveLength(4);
  });

  it('does nothing by a policy on trial, but to show what it would do', async () => {
    bench = new ReaperBench(new FixedPolicy({ ...POLICY, dryRun: true }));
    bench.given(aWorkerState({ name: 'a' }));
    bench.given(aWorkerState({ name: 'b', plannedStop: PLANNED }));
    const { decisions } = await bench.reap();
    expect(decisions).toMatchObject([
      { workerName: 'a', verdict: 'stop', action: 'none', trial: true },
      { workerName: 'b', verdict: 'stop', action: 'call-off', trial: true },
    ]);
    bench.pass(1);
    await bench.reap();
    expect(bench.workers.commands).toMatchObject([{ workerId: 'id-of-b', plannedStop: null }]);
    expect([bench.signs.probed, bench.told.told]).toEqual([[], []]);
  });

  it('counts for Prometheus what it decided, and what became of it', async () => {
    await bench.givenDue(aWorkerState({ name: 'a' }));
    bench.given(aWorkerState({ name: 'b' }), IN_USE);
    await bench.reap();
    const text = await bench.registry.metrics();
    expect(text).toContain('cml_fleet_reaper_decisions_total{verdict="in-use"} 1');
    expect(text).toContain('cml_fleet_reaper_stops_total{cause="idle",outcome="stop"} 1');
    expect(text).toContain('cml_fleet_reaper_turn_seconds_count 1');
  });
});
