import { MINUTE } from '../../src/kernel/clocks';
import { DomainError, StoreUnavailable } from '../../src/kernel/domain-error';
import { type Blow, Killed, MortalProcess } from '../../src/licensing/testing/mortal-process';
import { OperationPostponed } from '../../src/operations';
import { OperationInterrupted } from '../../src/operations/domain/operation-errors';
import { AGAIN_MS, ForcedStopBench, WORKER } from './forced-stop-bench';

interface Told {
  readonly bench: ForcedStopBench;
  readonly end: string;
  readonly calls: number;
}

/** Lives a forced stop through with processes that follow each other; the blow meets the first one. */
async function live(blow: Blow | null, bench = new ForcedStopBench()): Promise<Told> {
  await bench.begin();
  let mortal = new MortalProcess(blow);
  let calls = 0;
  for (let tries = 0; tries < 40; tries += 1) {
    const { handler, run } = bench.process(mortal);
    try {
      await handler.run(run);
      return { bench, end: 'succeeded', calls: Math.max(calls, mortal.calls) };
    } catch (error) {
      calls = Math.max(calls, mortal.calls);
      if (error instanceof OperationInterrupted) {
        await handler.onBrokenOff(bench.operation);
        return { bench, end: error.because, calls };
      }
      const again =
        error instanceof Killed || error instanceof StoreUnavailable || error instanceof OperationPostponed;
      if (!again) return { bench, end: error instanceof DomainError ? error.code : String(error), calls };
      if (error instanceof Killed) mortal = new MortalProcess(null);
      bench.timers.pass(error instanceof OperationPostponed ? error.forMs : AGAIN_MS);
    }
  }
  throw new Error('it never comes to an end');
}

async function outcomeOf({ bench, end }: Told) {
  const kept = (await bench.topologies.page(WORKER, null, 100)).length;
  const { stopPrepared, desired } = await bench.worker();
  const isPrepared = stopPrepared?.intentAt.getTime() === desired.at.getTime();
  return { end, labs: bench.states(), kept, isPrepared, next: await bench.next() };
}

const WHOLE = {
  ...{ end: 'succeeded', labs: ['STOPPED', 'STOPPED', 'STOPPED'], kept: 3 },
  ...{ isPrepared: true, next: 'stop' },
};

let whole: Told;
beforeAll(async () => {
  whole = await live(null);
});

describe('a forced stop whose process is struck once', () => {
  it('stops each lab and keeps each topology without a blow, well within its time', async () => {
    expect(await outcomeOf(whole)).toEqual(WHOLE);
    expect((await whole.bench.worker()).stopPrepared).toMatchObject({ labsStopped: 3, topologiesKept: 3 });
    const { at } = (await whole.bench.worker()).desired;
    expect(whole.bench.clock.now().getTime() - at.getTime()).toBeLessThan(5 * MINUTE);
    expect(whole.calls).toBeGreaterThan(20);
  });

  it.each(['killed before', 'killed after', 'answer lost'] as const)(
    '%s, at each of its calls: the same',
    async (what) => {
      for (let call = 1; call <= whole.calls; call += 1) {
        const told = await live({ call, what });
        expect([what, call, await outcomeOf(told)]).toEqual([what, call, WHOLE]);
        // one that was stopped by the blow’s process may not have been noted any more
        expect((await told.bench.worker()).stopPrepared?.labsStopped).toBeGreaterThanOrEqual(2);
      }
    },
  );
});

describe('a forced stop that a person starts the worker again of', () => {
  it('at any of its calls: is called off by them, and the instance stays', async () => {
    const ends = new Map<string, number>();
    for (let call = 1; call <= whole.calls; call += 1) {
      const bench = new ForcedStopBench();
      let isStarted = false;
      bench.beforeCall = async (present) => {
        if (present < call || isStarted) return;
        isStarted = true;
        await bench.start();
      };
      const told = await live(null, bench);
      const { desired, stopPrepared } = await bench.worker();
      expect([call, desired.state, await bench.next()]).toEqual([call, 'RUNNING', 'none']);
      const cancelledBy = told.end === 'cancelled' ? bench.operation.cancelledBy : null;
      expect([call, cancelledBy, stopPrepared]).toEqual([
        call,
        told.end === 'cancelled' ? 'user:bob' : null,
        null,
      ]);
      ends.set(told.end, (ends.get(told.end) ?? 0) + 1);
    }
    // too late for a word only where the very last call was to be made
    expect(Object.fromEntries(ends)).toEqual({ cancelled: whole.calls - 1, succeeded: 1 });
  });
});
