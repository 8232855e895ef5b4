import { type QueryBus } from '@nestjs/cqrs';
import { ManualClock, MINUTE, plus } from '../../kernel/clocks';
import { InvalidInput } from '../../kernel/domain-error';
import { ManualTimers } from '../../kernel/timers';
import { OperationHandlers } from '../../operations';
import { OperationRunner } from '../../operations/application/operation-runner';
import { MemoryOperations } from '../../operations/persistence/memory-operations';
import { ACCEPTED_AT, anOperation } from '../../operations/testing/operation.builder';
import { type PolicyDrafts } from '../../policies';
import { FixedPolicy, idlePolicy, type PolicySource } from '../../reaper';
import { aWorker } from '../../workers/testing/worker.builder';
import { MemorySimulationStore } from '../persistence/simulations.memory-store';
import { type SimulationOrder } from '../domain/simulation';
import { idlePast } from '../testing/idle-past';
import { type PastReader } from './past-reader';
import { PolicySimulationHandler } from './policy-simulation.handler';
import { type WorkerPast } from './replay/worker-past';
import { SIMULATE_POLICY, storedOrder } from './stored-order';

const WORKERS = Array.from({ length: 25 }, (_, n) => {
  const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  return aWorker({}, id).launched().serving().state;
});
const HOURS = 3;
const FROM = plus(ACCEPTED_AT, -HOURS * 60 * MINUTE);

function pastOf(workerId: string): WorkerPast {
  const state = WORKERS.find(({ id }) => id === workerId);
  if (!state) throw new Error('nobody knows it');
  return idlePast(state, FROM, [{ from: FROM, to: ACCEPTED_AT }]);
}

const FIXED = new FixedPolicy(idlePolicy({}, 60, 120));
/** No draft fits. */
const DRAFTS = {
  of: () => {
    throw new InvalidInput([{ pointer: '/requiredSignals', message: 'must be others' }]);
  },
} as unknown as PolicyDrafts;

interface Unusual {
  readonly policies?: PolicySource;
  readonly policy?: SimulationOrder['policy'];
}

/** Processes over the same stores, which simulate; `reading` is waited for before a worker's past is read. */
function bench({ policies, policy = null }: Unusual = {}) {
  const clock = new ManualClock(ACCEPTED_AT);
  const [operations, simulations] = [new MemoryOperations(clock), new MemorySimulationStore()];
  const process = (owner: string, reading: (count: number) => Promise<void> = () => Promise.resolve()) => {
    const read: string[] = [];
    const reader = {
      past: async (workerId: string) => {
        read.push(workerId);
        await reading(read.length);
        return pastOf(workerId);
      },
    } as unknown as PastReader;
    const queries = { execute: () => Promise.resolve(WORKERS) } as unknown as QueryBus;
    const handlers = new OperationHandlers();
    handlers.register(
      new PolicySimulationHandler(
        ...([queries, reader, policies ?? FIXED, DRAFTS] as const),
        ...([{ between: () => Promise.resolve([]) }, simulations, clock] as const),
        { cron: '* * * * *', observeSeconds: 60, activitySeconds: 120 },
      ),
    );
    const report = (error: unknown) => {
      throw error;
    };
    const timers = new ManualTimers();
    return {
      read,
      runner: new OperationRunner({ store: operations, handlers, clock, timers, owner, report }),
    };
  };
  const order = { from: FROM, to: ACCEPTED_AT, policy, workerIds: null, tag: null };
  const accept = () =>
    operations.add(anOperation({ kind: SIMULATE_POLICY, input: { ...storedOrder(order) } }));
  return { clock, operations, simulations, process, accept };
}

describe('a simulation under way', () => {
  it('leaves nothing behind when it is called off halfway, but how far it was', async () => {
    const { operations, simulations, process, accept } = bench();
    const { runner, read } = process('a', async (count) => {
      if (count === 15) await operations.requestCancel('o-1', 'user:bob');
    });
    await accept();
    await runner.drain();
    expect(await operations.find('o-1')).toMatchObject({
      ...{ state: 'cancelled', progress: 20 / 26, cancelledBy: 'user:bob', result: null },
    });
    expect(read).toHaveLength(20);
    expect(await simulations.page(10, null)).toEqual([]);
  });

  it('is begun anew by another process when its own is gone halfway, and comes to the same once', async () => {
    const undisturbed = bench();
    await undisturbed.accept();
    await undisturbed.process('a').runner.drain();
    const { clock, operations, simulations, process, accept } = bench();
    let goOn = () => {};
    const gone = new Promise<void>((resolve) => (goOn = resolve));
    const first = process('a', (count) => (count === 15 ? gone : Promise.resolve()));
    const second = process('b');
    await accept();
    await first.runner.run();
    while (first.read.length < 15) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(MINUTE);
    await second.runner.drain();
    expect(second.read).toEqual(WORKERS.map(({ id }) => id));
    goOn();
    await first.runner.drain();
    expect(first.read).toHaveLength(20);
    const done = { ...(await undisturbed.simulations.find('o-1')), finishedAt: clock.now() };
    expect(await simulations.find('o-1')).toEqual(done);
    expect(done.result?.totals).toMatchObject({ workers: 25, stops: 25 });
    expect(await operations.find('o-1')).toMatchObject({ state: 'succeeded', progress: 1 });
  });
});

describe('a worker whose policies have a problem', () => {
  it.each([null, { idleThresholdMinutes: 30 }])(
    'is left out, and no draft is blamed for it (%j)',
    async (policy) => {
      const [troubled] = WORKERS;
      const policies = {
        of: ({ id }: { id: string }) =>
          id === troubled?.id ? { ...FIXED.of(), problems: ['A policy is not there.'] } : FIXED.of(),
        fleet: () => FIXED.fleet(),
      };
      const { simulations, process, accept } = bench({ policies, policy });
      await accept();
      await process('a').runner.drain();
      const { totals, skipped } = (await simulations.find('o-1'))?.result ?? {};
      expect(skipped?.[0]).toMatchObject({ workerId: troubled?.id, why: 'A policy is not there.' });
      expect(totals?.workers).toBe(policy ? 0 : 24);
      if (policy) expect(skipped?.[1]?.why).toMatch(/^The draft does not fit its other policies/);
    },
  );
});
