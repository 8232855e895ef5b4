import { Logger } from '@nestjs/common';
import { MINUTE } from '../../kernel/clocks';
import { StoreUnavailable } from '../../kernel/domain-error';
import { CmlError } from '../../telemetry';
import { FenceWorker } from '../../workers';
import { pauseAt } from '../domain/control/control-state';
import { aBudgeted, aFleet } from '../testing/control-bench';
import { NOW, POLICY } from '../testing/idle-input.builder';
import { QUIET_PROBE, ReaperBench } from '../testing/reaper-bench';
import { aWorkerState } from '../testing/worker-state.builder';
import { FixedPolicy } from './fixed-policy';

const DUE = aWorkerState();
const NO_RULES = { fleetBudget: null, regionBudget: null, breakerWindowMinutes: 60 };

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
const takes = async () => (await bench.controls.state()).takes;
const context = (id: string) => ({
  commandId: id,
  actor: 'user:ann',
  reason: null,
  correlationId: 'c',
  causationId: null,
});
const pause = (id = 'pause') =>
  bench.controls.change(context(id), (control) => control.pause('user:ann', 'exam', null, NOW));

/** It is as if nobody had tried: sessions are offered, and nothing counts. */
const nothingRemains = async () => {
  expect(bench.workers.streams.get(DUE.id)).toMatchObject({ fence: null, desired: { state: 'RUNNING' } });
  expect(await takes()).toEqual([]);
  expect(bench.workers.sent).toEqual([]);
};

describe('a stop that something holds off', () => {
  it('is not carried out while stops are paused, be it in the turn that is under way', async () => {
    bench.signs.answer = () => {
      void pause();
      return QUIET_PROBE;
    };
    expect(await outcome()).toEqual({
      action: 'held',
      reason: 'user:ann has paused all automatic stops: exam',
    });
    expect(pauseAt(await bench.controls.state(), NOW)).not.toBeNull();
    await nothingRemains();
    bench.pass(1);
    const run = await bench.reap();
    expect(run.decisions).toMatchObject([{ verdict: 'held', restraints: ['not-paused'] }]);
  });

  it('waits until its budget is free, however many turns come', async () => {
    const fleetBudget = { stops: 1, sharePercent: null, windowMinutes: 30 };
    bench = new ReaperBench(new FixedPolicy(POLICY, { ...NO_RULES, fleetBudget }));
    for (const name of ['a', 'b', 'c']) await bench.givenDue(aWorkerState({ name }));
    bench.signs.answer = () => ({ ...QUIET_PROBE, at: bench.clock.now() });
    const stopped = [];
    for (let minute = 0; minute <= 60; minute += 1) {
      await bench.reap();
      stopped.push(bench.workers.sent.length);
      bench.pass(1);
    }
    expect([stopped[0], stopped[29], stopped[30], stopped[59], stopped[60]]).toEqual([1, 1, 2, 2, 3]);
  });

  it('is held by the breaker, of which people are told once', async () => {
    for (let index = 0; index < 30; index += 1) await bench.givenDue(aWorkerState({ name: `w-${index}` }));
    const run = await bench.reap();
    expect(bench.workers.sent).toHaveLength(15);
    expect(run.decisions.filter(({ action }) => action === 'held')).toHaveLength(16);
    bench.pass(1);
    await bench.reap();
    expect(bench.workers.sent).toHaveLength(15);
    expect(bench.told.alarms.filter(({ kind }) => kind === 'breaker-open')).toMatchObject([
      { workerId: null, sentence: expect.stringContaining('16 automatic stops of 31 workers') as string },
    ]);
  });

  it('is not begun where nobody got the notice, and is announced anew', async () => {
    bench = new ReaperBench();
    bench.told.outcome = 'failed';
    await bench.givenDue(DUE);
    const run = await bench.reap();
    expect(run.decisions).toMatchObject([
      { verdict: 'held', action: 'announce', restraints: ['noticed'], notice: { stageMinutes: 5 } },
    ]);
    expect(bench.workers.sent).toEqual([]);
  });
});

describe('a due stop that is refused again and again', () => {
  const tried = async (minutes: number) => {
    const at: number[] = [];
    for (let minute = 0; minute < minutes; minute += 1) {
      const before = bench.signs.probed.length;
      await bench.another().reap();
      if (bench.signs.probed.length > before) at.push(minute);
      bench.pass(1);
    }
    return at;
  };

  it('by its server is tried again after ever longer, by whatever process', async () => {
    bench.signs.answer = () => {
      throw new CmlError('timeout', 'no answer within 5 s');
    };
    expect(await tried(240)).toEqual([0, 2, 6, 14, 30, 67, 136]);
    bench.signs.answer = () => ({ ...QUIET_PROBE, at: bench.clock.now() });
    expect((await tried(60)).length).toBeGreaterThan(0);
    expect(bench.workers.sent).toHaveLength(1);
  });

  it('by what AWS has refused lately is neither fenced nor probed nor counted', async () => {
    const { plannedStop } = bench.workers.streams.get(DUE.id) ?? DUE;
    const code = 'UnsupportedOperation';
    const statusReason = { code, message: 'no', at: NOW, nextTryAt: new Date(NOW.getTime() + 90 * MINUTE) };
    bench.given({ ...DUE, plannedStop, statusReason });
    expect(await tried(90)).toEqual([]);
    expect(bench.workers.commands.filter((one) => one instanceof FenceWorker)).toEqual([]);
    expect((await bench.controls.state()).refusals).toMatchObject([{ tries: 6 }]);
  });
});

describe('a stop by the maximum uptime', () => {
  const policy = { ...POLICY, maxUptimeMinutes: 600 };
  const cause = 'max-uptime' as const;

  beforeEach(async () => {
    bench = new ReaperBench(new FixedPolicy(policy));
    await bench.givenDue(DUE);
    const plannedStop = { at: NOW, reason: 'up for long', decisionId: 'earlier', cause };
    bench.given({ ...DUE, plannedStop, activeLabsCount: null }, null);
    bench.signs.use.clear();
    bench.signs.answer = () => {
      throw new CmlError('timeout', 'no answer within 5 s');
    };
  });

  it('keeps nothing where a server says that it is in use, is called off, and not announced again at once', async () => {
    bench.signs.answer = () => ({ ...QUIET_PROBE, at: bench.clock.now(), runningNodes: 3 });
    expect((await outcome())?.action).toBe('probe-refused');
    expect(bench.topologies.kept).toEqual([]);
    const before = bench.told.told.length;
    for (let minute = 1; minute <= 59; minute += 1) {
      bench.clock.advance(MINUTE);
      await bench.reap();
    }
    expect(bench.told.told).toHaveLength(before);
    expect(bench.signs.probed).toHaveLength(1);
    bench.clock.advance(MINUTE);
    await bench.reap();
    expect(bench.told.told).toHaveLength(before + 1);
  });

  it('keeps what can be kept first, and needs no answer of the server, which never told of its labs', async () => {
    expect((await outcome())?.action).toBe('stop');
    expect(bench.topologies.kept).toEqual([DUE.id]);
  });

  it('is carried out although nothing could be kept', async () => {
    jest.spyOn(bench.topologies, 'keepAll').mockRejectedValue(new CmlError('timeout', 'no answer'));
    bench.signs.answer = () => {
      throw new CmlError('timeout', 'no answer within 5 s');
    };
    expect((await outcome())?.action).toBe('stop');
  });

  it('is carried out although what keeps them hangs, and heeds no signal', async () => {
    const timeout = jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => AbortSignal.abort());
    jest.spyOn(bench.topologies, 'keepAll').mockReturnValue(new Promise(() => {}));
    expect((await outcome())?.action).toBe('stop');
    expect(timeout).toHaveBeenCalledWith(MINUTE);
    timeout.mockRestore();
  });

  it('is none where the server answers that labs run', async () => {
    bench.signs.answer = () => ({ ...QUIET_PROBE, runningLabs: 2 });
    expect((await outcome())?.action).toBe('probe-refused');
    await nothingRemains();
  });

  it.each([
    [{ newestActivityAt: NOW }, 'somebody was active at 2027-01-15T12:00:00Z.'],
    [{ runningLabs: 1 }, '1 lab runs.'],
    [{ runningNodes: 4 }, 'no lab is known to run, but 4 nodes do.'],
  ])('is none where the part of it that answers shows use: %j', async (said, detail) => {
    const silent = { ...{ runningLabs: null, runningNodes: null }, newestActivityAt: null, cpuPercent: null };
    bench.signs.answer = () => ({ at: NOW, ...silent, failure: 'no answer', ...said });
    const reason = `The live probe says: ${detail}`;
    expect(await outcome()).toEqual({ action: 'probe-refused', reason });
    await nothingRemains();
  });

  it('is none where our own store does not answer: nobody has asked the server', async () => {
    bench.signs.answer = () => {
      throw new StoreUnavailable('the database does not answer');
    };
    expect((await bench.reap()).errors).toMatchObject([{ message: 'the database does not answer' }]);
    await nothingRemains();
  });
});

it('goes on counting where its history cannot be read, and the others have their turn', async () => {
  await bench.controls.change(context('take'), (control) => {
    control.take('lost', aBudgeted('w-2'), aFleet(9), NOW);
  });
  const of = bench.workers.of.bind(bench.workers);
  jest.spyOn(bench.workers, 'of').mockImplementation((id, decisionId) => {
    if (decisionId === 'lost') throw new Error('a hash does not fit');
    return of(id, decisionId);
  });
  expect((await outcome())?.action).toBe('stop');
  expect(await takes()).toMatchObject([{ decisionId: 'lost', sentAt: null }, { workerId: DUE.id }]);
});

it('counts what another replica took in the same moment', async () => {
  const fleetBudget = { stops: 1, sharePercent: null, windowMinutes: 30 };
  const rules = { ...NO_RULES, fleetBudget };
  bench = new ReaperBench(new FixedPolicy(POLICY, rules));
  await bench.givenDue(DUE);
  bench.signs.answer = () => {
    void bench.control.open().change(context('take'), (control) => {
      control.take('other', aBudgeted('w-2'), aFleet(9, rules), NOW);
    });
    return QUIET_PROBE;
  };
  expect(await outcome()).toMatchObject({ action: 'held' });
  expect(await takes()).toMatchObject([{ decisionId: 'other' }]);
});
