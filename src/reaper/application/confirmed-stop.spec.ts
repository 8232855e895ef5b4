import { Logger } from '@nestjs/common';
import { aTurn } from '../../event-store/testing/leased-ticks';
import { plus, SECOND } from '../../kernel/clocks';
import { StoreUnavailable } from '../../kernel/domain-error';
import { derivedId } from '../../kernel/ids';
import { CmlError } from '../../telemetry';
import { LabsUnknown, SendAutomaticStop, StopWorker } from '../../workers';
import { minutesAgo, NOW } from '../testing/idle-input.builder';
import { IDLE_USE, QUIET_PROBE, ReaperBench } from '../testing/reaper-bench';
import { aWorkerState } from '../testing/worker-state.builder';

const PLANNED = { at: NOW, reason: 'idle', decisionId: 'earlier', cause: 'idle' as const };
const DUE = aWorkerState({ plannedStop: PLANNED });
const DECISION = '00000000-0000-4000-8000-000000000002';

let bench: ReaperBench;
beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(() => {
  bench = new ReaperBench();
  bench.given(DUE);
});

const outcome = async () => {
  const [decision] = (await bench.reap()).decisions;
  return decision && { action: decision.action, reason: decision.reason };
};

describe('a stop that is due', () => {
  it('is asked for with its decision, its revision, and the time until which the probe holds', async () => {
    expect((await outcome())?.action).toBe('stop');
    const reason =
      'Nobody has used it since 2027-01-15T10:45:00Z (75 min), the threshold is 60 min, and a live probe confirmed it.';
    expect(bench.workers.commands).toEqual([
      new StopWorker(
        'id-of-lab-1',
        {
          commandId: derivedId('reaper', 'stop', DECISION),
          actor: 'system:reaper',
          reason,
          correlationId: 'tick-1',
          causationId: DECISION,
        },
        { decisionId: DECISION, expectedRevision: 7, sendBefore: plus(NOW, 10 * SECOND) },
      ),
    ]);
    expect(bench.workers.sent).toEqual([new SendAutomaticStop(DUE.id, DECISION, 'tick-1')]);
  });

  it('may be sent only for as long as the lease holds, where that is shorter', async () => {
    const turn = { ...aTurn(bench.clock), heldUntil: plus(NOW, 4 * SECOND) };
    await bench.reap({ turn });
    expect(bench.workers.commands).toMatchObject([{ options: { sendBefore: plus(NOW, 4 * SECOND) } }]);
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
    expect([bench.workers.commands, bench.workers.sent, bench.notices]).toEqual([[], [], []]);
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
    expect(bench.workers.commands).toMatchObject([{ plannedStop: null }]);
    expect(bench.notices).toEqual([
      `stop-called-off | lab-1: The stop planned for 2027-01-15T12:00:00Z is called off. ${reason}`,
    ]);
  });

  it.each([
    [{ runningLabs: null }, 'The live probe says: the running labs could not be read.'],
    [{ runningNodes: 1 }, 'The live probe says: no lab runs, but 1 node does.'],
    [{ runningNodes: 4 }, 'The live probe says: no lab runs, but 4 nodes do.'],
    [{ cpuPercent: null }, 'The live probe says: the CPU load could not be read.'],
    [{ at: plus(NOW, -10 * SECOND) }, 'The live probe took too long to act on it.'],
  ])('waits for another turn when the probe says %j', async (said, reason) => {
    bench.signs.answer = () => ({ ...QUIET_PROBE, ...said });
    expect(await outcome()).toEqual({ action: 'probe-refused', reason });
    expect(bench.workers.commands).toEqual([]);
  });

  it('is carried out where the server does not tell how many nodes run', async () => {
    bench.signs.answer = () => ({ ...QUIET_PROBE, runningNodes: null });
    expect((await outcome())?.action).toBe('stop');
  });

  it('waits for another turn when the probe fails', async () => {
    bench.signs.answer = () => {
      throw new CmlError('timeout', 'no answer within 5 s');
    };
    expect(await outcome()).toEqual({
      action: 'probe-refused',
      reason: 'The live probe failed: no answer within 5 s',
    });
    expect(bench.workers.commands).toEqual([]);
  });

  it('is dropped when the worker was snoozed after the list was made', async () => {
    bench.workers.lagging.set(DUE.id, DUE);
    const snooze = { until: minutesAgo(-30), by: 'user:bob', reason: null, at: NOW };
    bench.given({ ...DUE, snooze, plannedStop: null });
    expect(await outcome()).toEqual({
      action: 'stop-refused',
      reason: 'Snoozed by user:bob until 2027-01-15T12:30:00Z.',
    });
    expect(bench.signs.probed).toEqual([]);
  });

  it('is dropped when the probe finds labs that somebody changed, which the worker is told as it is probed', async () => {
    bench.signs.answer = () => {
      bench.workers.streams.set(DUE.id, { ...DUE, revision: DUE.revision + 1 });
      return QUIET_PROBE;
    };
    expect(await outcome()).toEqual({ action: 'stop-refused', reason: 'the worker has changed' });
    expect([bench.workers.commands, bench.workers.sent, bench.notices]).toEqual([[], [], []]);
  });

  it('is dropped when the worker refuses it', async () => {
    const refusal = new LabsUnknown(DUE);
    bench.workers.failing.set(DUE.id, refusal);
    expect(await outcome()).toEqual({ action: 'stop-refused', reason: refusal.message });
    expect(bench.notices).toEqual([]);
  });

  it('is an error of the run when the store is away', async () => {
    bench.workers.failing.set(DUE.id, new StoreUnavailable('the database does not answer'));
    expect((await bench.reap()).errors).toEqual([
      { workerId: DUE.id, workerName: 'lab-1', message: 'the database does not answer' },
    ]);
  });

  it('counts activity up to the beginning of the idle window as known', async () => {
    bench.given(DUE, IDLE_USE);
    bench.signs.answer = () => ({ ...QUIET_PROBE, newestActivityAt: minutesAgo(75) });
    expect((await outcome())?.action).toBe('stop');
  });
});
