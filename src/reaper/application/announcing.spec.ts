import { Logger } from '@nestjs/common';
import { aTurn } from '../../event-store/testing/leased-ticks';
import { PlanStop } from '../../workers';
import { ReaperBench } from '../testing/reaper-bench';
import { aWorkerState } from '../testing/worker-state.builder';

const WORKER = aWorkerState();

let bench: ReaperBench;
beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(() => {
  bench = new ReaperBench();
  bench.given(WORKER);
});

/** When the process is about to store a plan. */
function atThePlan(work: () => void): void {
  bench.workers.onCommand = (command) => {
    if (command instanceof PlanStop) work();
  };
}

describe('a stop that is announced by a process that stood still', () => {
  it('is not, where the worker has changed since it was judged', async () => {
    atThePlan(() => {
      bench.workers.streams.set(WORKER.id, { ...WORKER, revision: WORKER.revision + 1 });
    });
    await bench.reap();
    expect(bench.workers.commands).toEqual([]);
    expect(bench.notices).toEqual([]);
  });

  it('is told by the process that has the turn by then', async () => {
    let held = true;
    atThePlan(() => {
      held = false;
    });
    await bench.reap({ turn: aTurn(bench.clock, () => held) });
    expect(bench.workers.commands).toHaveLength(1);
    expect(bench.notices).toEqual([]);
    await bench.another().reap();
    expect(bench.workers.commands).toHaveLength(1);
    expect(bench.notices).toHaveLength(1);
  });
});
