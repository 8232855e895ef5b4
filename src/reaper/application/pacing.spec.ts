import { Logger } from '@nestjs/common';
import { HOUR, MINUTE, plus } from '../../kernel/clocks';
import { GetActiveWorkers } from '../../workers';
import { minutesAgo, NOW, POLICY } from '../testing/idle-input.builder';
import { IDLE_USE, QUIET_PROBE, ReaperBench } from '../testing/reaper-bench';
import { aRun } from '../testing/reaper-run.builder';
import { aWorkerState } from '../testing/worker-state.builder';
import { missedTurns } from './cron-times';
import { FixedPolicy } from './fixed-policy';

const WORKERS = 30;
const names = Array.from({ length: WORKERS }, (_, index) => `w-${index}`);

let bench: ReaperBench;
beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(async () => {
  bench = new ReaperBench();
  bench.signs.answer = () => ({ ...QUIET_PROBE, at: bench.clock.now() });
  for (const name of names) await bench.givenDue(aWorkerState({ name }));
});

const lastTurn = (minutes: number) =>
  bench.runs.put(aRun({ startedAt: minutesAgo(minutes), finishedAt: minutesAgo(minutes) }));

describe('after a time without turns', () => {
  it('what became due meanwhile is announced anew, with the last of its stages, and stopped bit by bit', async () => {
    await lastTurn(360);
    const first = await bench.reap();
    expect(first.decisions.map(({ action, notice }) => [action, notice])).toEqual(
      names.map(() => ['announce', { stageMinutes: 5, deadline: plus(NOW, 5 * MINUTE) }]),
    );
    expect(first.decisions[0]?.reason).toMatch(/^It became due while no turn was taken\. Nobody has used it/);
    const stopped = [];
    for (let minute = 1; minute <= 14; minute += 1) {
      bench.pass(1);
      await bench.reap();
      stopped.push(bench.workers.sent.length);
    }
    // a tenth of the thirty in a minute
    expect(stopped).toEqual([0, 0, 0, 0, 3, 6, 9, 12, 15, 15, 15, 15, 15, 15]);
    expect((await bench.controls.state()).breaker).toMatchObject({ stops: 16, running: 30 });
  });

  it('it is the same although the first turn dies half way', async () => {
    await lastTurn(360);
    let left = 10;
    bench.workers.onCommand = () => {
      left -= 1;
      if (left < 0) throw new Error('killed');
    };
    expect((await bench.reap()).errors).toHaveLength(20);
    bench.workers.onCommand = () => {};
    bench.pass(1);
    const second = await bench.another().reap();
    expect(second.decisions.filter(({ action }) => action === 'announce')).toHaveLength(20);
    expect(bench.workers.sent).toEqual([]);
  });

  it('nobody is told at a time at which nobody may be', async () => {
    const policies = new FixedPolicy(POLICY);
    const effective = policies.of();
    const calendar = { ...effective.calendar, quietAt: () => ({ name: 'night', until: plus(NOW, HOUR) }) };
    jest.spyOn(policies, 'of').mockReturnValue({ ...effective, calendar });
    bench = new ReaperBench(policies);
    await bench.givenDue(aWorkerState());
    await lastTurn(360);
    const before = bench.told.told.length;
    expect((await bench.reap()).decisions).toMatchObject([{ action: 'announce', notice: null }]);
    expect(bench.told.told).toHaveLength(before);
  });

  it('it is announced for a time at which it may be stopped', async () => {
    const policies = new FixedPolicy(POLICY);
    const effective = policies.of();
    const calendar = { ...effective.calendar, nextAllowed: (from: Date) => plus(from, HOUR) };
    jest.spyOn(policies, 'of').mockReturnValue({ ...effective, calendar });
    bench = new ReaperBench(policies);
    await bench.givenDue(aWorkerState());
    await lastTurn(360);
    expect((await bench.reap()).decisions).toMatchObject([
      { action: 'announce', notice: { deadline: plus(NOW, HOUR + 5 * MINUTE) } },
    ]);
  });

  it.each([
    ['take', 4],
    ['take', 6],
    ['are', 4],
    ['are', 6],
  ] as const)(
    'what turns that %s %i minutes (apart) announce is stopped, with one notice per stage',
    async (how, minutes) => {
      bench = new ReaperBench();
      const signals = Object.fromEntries(
        Object.entries(IDLE_USE.signals).map(([name, state]) => [name, { ...state, from: minutesAgo(40) }]),
      );
      const use = { ...IDLE_USE, signals, newestActivityAt: minutesAgo(40) };
      bench.given(aWorkerState({ lastActivityAt: minutesAgo(40) }), use);
      bench.signs.answer = () => ({ ...QUIET_PROBE, at: bench.clock.now() });
      const list = bench.workers.query.bind(bench.workers);
      jest.spyOn(bench.workers, 'query').mockImplementation((query) => {
        if (how === 'take' && query instanceof GetActiveWorkers) bench.pass(minutes);
        return list(query);
      });
      for (let passed = 0; passed < 45; passed += minutes) {
        await bench.reap();
        bench.pass(how === 'are' ? minutes : 0.5);
      }
      expect(bench.workers.sent).toHaveLength(1);
      expect(bench.told.told.map(({ stageMinutes }) => stageMinutes)).toEqual([15, 5]);
      expect((await bench.controls.state()).catchUp === null).toBe(how === 'take');
    },
  );

  it('it is announced anew once, though turns die each time', async () => {
    await lastTurn(360);
    const put = bench.runs.put.bind(bench.runs);
    jest.spyOn(bench.runs, 'put').mockImplementation((run) => put({ ...run, finishedAt: null }));
    for (let turn = 0; turn < 9; turn += 1) {
      await bench.reap();
      bench.pass(5);
    }
    const deadlines = new Set(bench.told.told.map(({ deadline }) => deadline.getTime()));
    expect([...deadlines]).toEqual([NOW.getTime(), plus(NOW, 5 * MINUTE).getTime()]);
    expect(bench.workers.sent).not.toEqual([]);
  });

  it('what was due before is stopped', async () => {
    await lastTurn(2);
    await bench.reap();
    expect(bench.workers.sent).toHaveLength(15);
    expect((await bench.controls.state()).catchUp).toBeNull();
  });
});

describe('turns that were left out', () => {
  const at = (text: string) => new Date(`2027-01-${text}:00.000Z`);

  it.each([
    ['* * * * *', '15T12:00', '15T12:03', false],
    ['* * * * *', '15T12:00', '15T12:04', true],
    ['*/15 * * * *', '15T12:00', '15T12:40', false],
    ['*/15 * * * *', '15T12:00', '15T13:00', true],
    // on work days only: a week-end is no time without turns
    ['0 8-18 * * 1-5', '15T18:00', '18T08:00', false],
    ['0 8-18 * * 1-5', '15T18:00', '18T11:00', true],
  ])('%s: from %s to %s are more than three: %s', (cron, latest, now, expected) => {
    expect(missedTurns(cron, at(latest), at(now))).toBe(expected);
  });
});
