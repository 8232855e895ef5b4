import { Logger } from '@nestjs/common';
import { aTurn } from '../../event-store/testing/leased-ticks';
import { MINUTE, plus, SECOND } from '../../kernel/clocks';
import { StoreUnavailable } from '../../kernel/domain-error';
import { derivedId } from '../../kernel/ids';
import { CmlError } from '../../telemetry';
import { FenceWorker, LabsUnknown, LiftFence, SendAutomaticStop, StopWorker } from '../../workers';
import { minutesAgo, NOW, POLICY } from '../testing/idle-input.builder';
import { QUIET_PROBE, ReaperBench } from '../testing/reaper-bench';
import { aRun } from '../testing/reaper-run.builder';
import { aWorkerState } from '../testing/worker-state.builder';
import { FixedPolicy } from './fixed-policy';

const DUE = aWorkerState();
const DECISION = '00000000-0000-4000-8000-000000000002';

let bench: ReaperBench;
beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(async () => {
  bench = new ReaperBench();
  await bench.givenDue(DUE);
});

const outcome = async () => {
  const [decision] = (await bench.reap()).decisions;
  return decision && { action: decision.action, reason: decision.reason };
};
const steps = () => bench.workers.commands.map((command) => command.constructor.name);
const takes = async () => (await bench.controls.state()).takes;

/** It is as if nobody had tried: sessions are offered, and nothing counts. */
const nothingRemains = async () => {
  expect(bench.workers.streams.get(DUE.id)).toMatchObject({ fence: null, desired: { state: 'RUNNING' } });
  expect(await takes()).toEqual([]);
  expect(bench.workers.sent).toEqual([]);
};

describe('a stop that is due', () => {
  it('is fenced, probed, counted, asked for, and sent, by one decision', async () => {
    expect((await outcome())?.action).toBe('stop');
    const reason =
      'Nobody has used it since 2027-01-15T10:45:00Z (75 min), the threshold is 60 min, and a live probe confirmed it.';
    const by = { actor: 'system:reaper', correlationId: 'tick-1', causationId: DECISION };
    const terms = { decisionId: DECISION, until: plus(NOW, 2 * MINUTE), expectedUse: null };
    const fenced = { ...by, commandId: derivedId('reaper', 'fence', DECISION) };
    expect(bench.workers.commands).toEqual([
      new FenceWorker('id-of-lab-1', terms, { ...fenced, reason: expect.any(String) as string }, 7),
      new StopWorker(
        'id-of-lab-1',
        { ...by, commandId: derivedId('reaper', 'stop', DECISION), reason },
        {
          ...{ decisionId: DECISION, expectedRevision: 7, expectedUse: null },
          ...{ sendBefore: plus(NOW, 10 * SECOND), despiteUnknownLabs: false },
        },
      ),
    ]);
    expect(bench.workers.sent).toEqual([new SendAutomaticStop(DUE.id, DECISION, 'tick-1')]);
    expect(await takes()).toMatchObject([{ decisionId: DECISION, workerId: DUE.id, sentAt: NOW }]);
    const [commit] = await bench.control.store.load('reaper-fleet');
    expect(commit?.meta).toMatchObject({ actor: 'system:reaper', causationId: DECISION });
    expect(bench.told.alarms).toMatchObject([
      { kind: 'stopped', decisionId: DECISION, episodeId: DECISION, sentence: `lab-1: ${reason}` },
    ]);
  });

  it('is probed once no session is offered any more', async () => {
    bench.signs.answer = () => {
      expect(steps()).toEqual(['FenceWorker']);
      return QUIET_PROBE;
    };
    expect((await outcome())?.action).toBe('stop');
  });

  it('may be sent only for as long as the lease holds, where that is shorter', async () => {
    const turn = { ...aTurn(bench.clock), heldUntil: plus(NOW, 4 * SECOND) };
    await bench.reap({ turn });
    expect(bench.workers.acts).toMatchObject([{ options: { sendBefore: plus(NOW, 4 * SECOND) } }]);
  });

  it('is left to another turn when the lease was lost during the probe', async () => {
    let held = true;
    bench.signs.answer = () => {
      held = false;
      return QUIET_PROBE;
    };
    const { decisions } = await bench.reap({ turn: aTurn(bench.clock, () => held) });
    expect(decisions).toMatchObject([
      { action: 'stop-refused', reason: 'The turn lost its lease; another one looks at it again.' },
    ]);
    await nothingRemains();
  });

  it.each([
    [{ runningLabs: 1 }, '1 lab runs.'],
    [{ runningLabs: 3 }, '3 labs run.'],
    [{ newestActivityAt: minutesAgo(74) }, 'somebody was active at 2027-01-15T10:46:00Z.'],
    [{ cpuPercent: 10 }, 'the CPU is at 10 %, and idle below 10 %.'],
  ])('is called off when the probe says %j', async (said, detail) => {
    bench.signs.answer = () => ({ ...QUIET_PROBE, ...said });
    const reason = `The live probe says: ${detail}`;
    expect(await outcome()).toEqual({ action: 'probe-refused', reason });
    expect(steps()).toEqual(['FenceWorker', 'PlanStop', 'LiftFence']);
    expect(bench.told.calledOff).toMatchObject([
      { why: `The stop planned for 2027-01-15T12:00:00Z is called off. ${reason}` },
    ]);
    await nothingRemains();
  });

  it.each([
    [{ runningLabs: null }, 'The live probe says: the running labs could not be read.'],
    [{ runningNodes: 4 }, 'The live probe says: no lab runs, but 4 nodes do.'],
    [{ cpuPercent: null }, 'The live probe says: the CPU load could not be read.'],
    [{ at: plus(NOW, -10 * SECOND) }, 'The live probe took too long to act on it.'],
  ])('waits for another turn when the probe says %j', async (said, reason) => {
    bench.signs.answer = () => ({ ...QUIET_PROBE, ...said });
    expect(await outcome()).toEqual({ action: 'probe-refused', reason });
    expect(steps()).toEqual(['FenceWorker', 'LiftFence']);
    await nothingRemains();
  });

  it('is carried out where the server does not tell how many nodes run', async () => {
    bench.signs.answer = () => ({ ...QUIET_PROBE, runningNodes: null });
    expect((await outcome())?.action).toBe('stop');
  });

  it('waits for another turn when the probe fails', async () => {
    bench.signs.answer = () => {
      throw new CmlError('timeout', 'no answer within 5 s');
    };
    const reason = 'The live probe failed: no answer within 5 s';
    expect(await outcome()).toEqual({ action: 'probe-refused', reason });
    await nothingRemains();
  });

  it('is dropped when the worker was snoozed after the list was made', async () => {
    const listed = bench.workers.streams.get(DUE.id) ?? DUE;
    bench.workers.lagging.set(DUE.id, listed);
    const snooze = { until: minutesAgo(-30), by: 'user:bob', reason: null, at: NOW };
    bench.given({ ...DUE, snooze, plannedStop: null });
    const reason = 'Snoozed by user:bob until 2027-01-15T12:30:00Z.';
    expect(await outcome()).toEqual({ action: 'stop-refused', reason });
    expect([bench.signs.probed, steps()]).toEqual([[], []]);
  });

  it('is dropped when the worker changes while it is probed', async () => {
    bench.signs.answer = () => {
      const now = bench.workers.streams.get(DUE.id) ?? DUE;
      bench.workers.streams.set(DUE.id, { ...now, revision: now.revision + 1 });
      return QUIET_PROBE;
    };
    expect(await outcome()).toEqual({ action: 'stop-refused', reason: 'the worker has changed' });
    await nothingRemains();
  });

  it('is dropped when the worker refuses it', async () => {
    const refusal = new LabsUnknown(DUE);
    bench.workers.onCommand = (command) => {
      if (command instanceof StopWorker) bench.workers.failing.set(DUE.id, refusal);
    };
    expect(await outcome()).toEqual({ action: 'stop-refused', reason: refusal.message });
    await nothingRemains();
  });

  it('is none where it was taken back before it was sent', async () => {
    jest.spyOn(bench.workers, 'of').mockResolvedValue({ outcome: 'withdrawn', reason: 'idle' });
    expect((await outcome())?.action).toBe('stop-refused');
    expect(steps()).toEqual(['FenceWorker', 'StopWorker', 'LiftFence']);
    expect([await takes(), bench.told.alarms]).toEqual([[], []]);
  });

  it('is not begun when it cannot be fenced', async () => {
    bench.workers.failing.set(DUE.id, new LabsUnknown(DUE));
    expect((await outcome())?.action).toBe('stop-refused');
    expect(bench.signs.probed).toEqual([]);
  });

  it('is an error of the run when the store is away, and its fence is lifted', async () => {
    bench.workers.onCommand = (command) => {
      if (command instanceof StopWorker) throw new StoreUnavailable('the database does not answer');
    };
    expect((await bench.reap()).errors).toEqual([
      { workerId: DUE.id, workerName: 'lab-1', message: 'the database does not answer' },
    ]);
    expect(bench.workers.streams.get(DUE.id)?.fence).toBeNull();
    // whether it was stored nobody knows: it counts until the next turn has looked
    expect(await takes()).toMatchObject([{ decisionId: DECISION, sentAt: null }]);
    bench.workers.onCommand = () => {};
    bench.signs.answer = () => ({ ...QUIET_PROBE, at: bench.clock.now() });
    bench.pass(1);
    await bench.reap();
    expect(await takes()).toMatchObject([{ sentAt: bench.clock.now() }]);
  });

  it.each(['announced anew', 'waits', 'refused', 'on trial'])(
    'lifts the fence that a dead process left also where it is %s',
    async (how) => {
      const fence = { decisionId: 'dead', by: 'system:reaper', at: NOW, until: plus(NOW, MINUTE) };
      if (how === 'on trial') bench = new ReaperBench(new FixedPolicy({ ...POLICY, dryRun: true }));
      if (how === 'announced anew') await bench.runs.put(aRun({ finishedAt: minutesAgo(360) }));
      await bench.givenDue(DUE);
      if (how === 'waits') {
        bench.workers.failing.set(DUE.id, new LabsUnknown(DUE));
        await bench.reap();
        bench.workers.failing.clear();
      }
      const due = { ...(bench.workers.streams.get(DUE.id) ?? DUE), fence };
      bench.given(due);
      if (how === 'refused') {
        bench.workers.lagging.set(DUE.id, due);
        const snooze = { until: minutesAgo(-30), by: 'user:bob', reason: null, at: NOW };
        bench.given({ ...due, snooze });
      }
      await bench.reap();
      expect(bench.workers.streams.get(DUE.id)?.fence).toBeNull();
      expect(bench.workers.sent).toEqual([]);
    },
  );

  it('lifts the fence that a dead process left, be it due or not', async () => {
    const fence = { decisionId: 'dead', by: 'system:reaper', at: NOW, until: plus(NOW, MINUTE) };
    bench.given({ ...(bench.workers.streams.get(DUE.id) ?? DUE), fence });
    bench.given(aWorkerState({ name: 'b', fence }), null);
    await bench.reap();
    const lifted = bench.workers.commands.filter((one) => one instanceof LiftFence);
    expect(lifted.map(({ workerId, decisionId }) => [workerId, decisionId])).toEqual([
      ['id-of-b', 'dead'],
      ['id-of-lab-1', 'dead'],
    ]);
    expect(bench.workers.sent).toHaveLength(1);
    // one with the id of an earlier one would be a repetition of it, which does nothing
    const ids = (bench.workers.commands as FenceWorker[]).map(
      ({ workerId, context }) => `${workerId} ${context.commandId}`,
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});
