import { Logger } from '@nestjs/common';
import { HOUR, MINUTE, plus } from '../../kernel/clocks';
import { derivedId } from '../../kernel/ids';
import { StartWorker } from '../../workers';
import { type CalendarMoment, OPEN_CALENDAR } from '../domain/policy/calendar';
import { type IdlePolicy } from '../domain/policy/idle-policy';
import { minutesAgo, NOW, POLICY } from '../testing/idle-input.builder';
import { ReaperBench } from '../testing/reaper-bench';
import { aRun } from '../testing/reaper-run.builder';
import { aWorkerState } from '../testing/worker-state.builder';
import { FixedPolicy } from './fixed-policy';

const STOPPED = aWorkerState({ status: 'STOPPED', desired: { ...aWorkerState().desired, state: 'STOPPED' } });

let bench: ReaperBench;
beforeAll(() => {
  Logger.overrideLogger(false);
});

/** Its calendar starts it at these times. */
function given(times: readonly Date[], policy: Partial<IdlePolicy> = {}) {
  const policies = new FixedPolicy({ ...POLICY, ...policy });
  const startsBetween = (after: Date, until: Date): CalendarMoment[] =>
    times.filter((at) => at > after && at <= until).map((at) => ({ name: 'morning', at }));
  const calendar = { ...OPEN_CALENDAR, startsBetween };
  jest.spyOn(policies, 'of').mockReturnValue({ ...policies.of(), calendar });
  bench = new ReaperBench(policies);
  bench.given(STOPPED);
}

const lastTurn = (minutes: number) => bench.runs.put(aRun({ startedAt: minutesAgo(minutes) }));

describe('a scheduled start', () => {
  it('starts a stopped worker, by a command that is the same whoever sends it', async () => {
    given([minutesAgo(0.5)]);
    await lastTurn(1);
    const run = await bench.reap();
    expect(run.starts).toEqual([
      { workerId: STOPPED.id, workerName: 'lab-1', name: 'morning', at: minutesAgo(0.5) },
    ]);
    const reason = 'Its calendar starts it at 2027-01-15T11:59:30Z (morning).';
    const commandId = derivedId('reaper', 'scheduled-start', STOPPED.id, '2027-01-15T11:59:30.000Z');
    const context = { actor: 'system:reaper', correlationId: 'tick-1', causationId: null };
    expect(bench.workers.commands).toEqual([new StartWorker(STOPPED.id, { ...context, commandId, reason })]);
  });

  it('acts once, and again at its next time', async () => {
    given([NOW, plus(NOW, 10 * MINUTE)]);
    await lastTurn(1);
    const started = [];
    for (let minute = 0; minute <= 11; minute += 1) {
      started.push((await bench.reap()).starts.length);
      bench.given(STOPPED);
      bench.pass(1);
    }
    expect(started).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
  });

  it('is made up for after an outage, for two hours, by the latest of its times', async () => {
    given([minutesAgo(119), minutesAgo(30)]);
    await lastTurn(360);
    expect((await bench.reap()).starts).toMatchObject([{ at: minutesAgo(30) }]);
    given([minutesAgo(121)]);
    await lastTurn(360);
    expect((await bench.reap()).starts).toEqual([]);
  });

  it('is made up for after a turn that died', async () => {
    given([minutesAgo(2)]);
    await lastTurn(3);
    await bench.runs.put(aRun({ id: 'died', startedAt: minutesAgo(1), finishedAt: null }));
    expect((await bench.reap()).starts).toHaveLength(1);
  });

  it('is none of what runs, is to run, or is judged by a policy on trial', async () => {
    given([NOW]);
    bench.given(aWorkerState());
    expect((await bench.reap()).starts).toEqual([]);
    given([NOW], { dryRun: true });
    expect((await bench.reap()).starts).toEqual([]);
  });

  it('lets its own turn stop nothing, which would be off then until its next time', async () => {
    given([minutesAgo(0.5)]);
    await bench.givenDue(aWorkerState());
    await lastTurn(1);
    const reason =
      'Its calendar starts it at 2027-01-15T11:59:30Z (morning): the turn of that time does not stop it.';
    expect((await bench.reap()).decisions).toMatchObject([{ verdict: 'stop', action: 'held', reason }]);
    expect(bench.workers.commands).toEqual([]);
  });

  it('that fails is an error of the run, and of no other worker', async () => {
    given([plus(NOW, -HOUR)]);
    bench.workers.failing.set(STOPPED.id, new Error('mongodb://10.0.0.1 is down'));
    bench.given({ ...STOPPED, id: 'id-of-b', name: 'b' });
    const run = await bench.reap();
    expect(run.starts).toMatchObject([{ workerName: 'b' }]);
    expect(run.errors).toEqual([
      {
        ...{ workerId: STOPPED.id, workerName: 'lab-1' },
        message: 'Its scheduled start failed; the log has more.',
      },
    ]);
  });
});
