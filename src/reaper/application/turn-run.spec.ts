import { Logger } from '@nestjs/common';
import { aSignal, minutesAgo, POLICY } from '../testing/idle-input.builder';
import { IDLE_USE, ReaperBench } from '../testing/reaper-bench';
import { aWorkerState } from '../testing/worker-state.builder';
import { FixedPolicy } from './fixed-policy';

const labs = aSignal('labs', { value: 'active', from: minutesAgo(2) });
const IN_USE = { ...IDLE_USE, signals: { ...IDLE_USE.signals, labs } };

let bench: ReaperBench;
beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(() => {
  bench = new ReaperBench();
});

describe('a turn of the reaper', () => {
  it('keeps a thousand decisions of a run, first those that did something, and says how many more there were', async () => {
    for (let index = 0; index < 1_001; index += 1) bench.given(aWorkerState({ name: `w-${index}` }), IN_USE);
    bench.given(aWorkerState({ name: 'last' }));
    const { decisions, leftOut, counts } = await bench.reap({ dryRun: true });
    expect([decisions.length, leftOut, counts['in-use']]).toEqual([1_000, 2, 1_001]);
    expect(decisions.at(-1)).toMatchObject({ workerName: 'last', action: 'announce' });
  });

  it.each([
    ['settings', 'Its policy is on trial now.'],
    ['problem', 'Its policy cannot be followed: nothing is stopped by it until it is mended.'],
  ])('says why a stop is called off where dryRun comes of %s', async (dryRun, why) => {
    const policies = new FixedPolicy({ ...POLICY, dryRun: true });
    const effective = policies.of();
    jest.spyOn(policies, 'of').mockReturnValue({ ...effective, origins: { ...effective.origins, dryRun } });
    bench = new ReaperBench(policies);
    await bench.givenDue(aWorkerState());
    await bench.reap();
    const planned = 'The stop planned for 2027-01-15T12:00:00Z is called off.';
    expect(bench.told.calledOff).toMatchObject([{ why: `${planned} ${why}` }]);
  });
});
