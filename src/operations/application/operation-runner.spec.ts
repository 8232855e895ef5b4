import { ManualClock, SECOND } from '../../kernel/clocks';
import { systemContext } from '../../kernel/command-context';
import { DomainError, StoreUnavailable } from '../../kernel/domain-error';
import { ManualTimers } from '../../kernel/timers';
import { type Operation } from '../domain/operation';
import { OperationPostponed } from '../domain/operation-errors';
import { MemoryOperations } from '../persistence/memory-operations';
import { ACCEPTED_AT, anOperation } from '../testing/operation.builder';
import { CancelOperation, CancelOperationHandler } from './cancel-operation.command';
import { OperationHandlers, type OperationRun } from './operation-handlers';
import { OperationRunner } from './operation-runner';
import { Operations } from './operations';

class Refused extends DomainError {
  readonly code = 'aws-refused';
  readonly kind = 'refused';
}

/** Replicas over one store; each run of the handler waits where the test says. */
function bench() {
  const clock = new ManualClock(ACCEPTED_AT);
  const store = new MemoryOperations(clock);
  const errors: string[] = [];
  const replica = (owner: string, work: (run: OperationRun) => Promise<object | void>) => {
    const handlers = new OperationHandlers();
    const begun: string[] = [];
    for (const [kind, atOnce] of [['count', 4] as const, ['look', 2] as const]) {
      handlers.register({
        ...{ kind, atOnce, role: 'admin' },
        run: async (run) => {
          begun.push(run.operation.id);
          const result = await work(run);
          return { message: 'counted', result: { ...result } };
        },
      });
    }
    const timers = new ManualTimers();
    const report = (error: unknown, during: string) => void errors.push(`${during}: ${String(error)}`);
    const runner = new OperationRunner({ store, handlers, clock, timers, owner, report });
    const pass = async (ms: number) => {
      clock.advance(ms);
      timers.advance(ms);
      await flush();
    };
    return { runner, begun, timers, pass };
  };
  const show = async (id = 'o-1') => (await store.find(id)) as Operation;
  return { clock, store, errors, replica, show };
}

const flush = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Something that a test lets happen when it likes. */
function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

const PERSON = { ...systemContext('test', 'k'), actor: 'user:bob' };

it('carries out what was accepted, once, and tells how it went', async () => {
  const { store, clock, replica, show } = bench();
  const { runner, begun } = replica('a', () => {
    clock.advance(SECOND);
    return Promise.resolve({ sum: 6 });
  });
  await store.add(anOperation());
  await Promise.all([runner.drain(), runner.drain()]);
  expect(begun).toEqual(['o-1']);
  expect(await show()).toMatchObject({
    ...{ state: 'succeeded', progress: 1, message: 'counted', result: { sum: 6 }, error: null },
    ...{ startedAt: ACCEPTED_AT, finishedAt: clock.now() },
  });
});

it('begins at once with what is accepted, and answers the first one to a repetition', async () => {
  const { store, clock, replica } = bench();
  const { runner, begun } = replica('a', () => Promise.resolve());
  const operations = new Operations(store, runner, clock);
  const context = { actor: 'user:ann', reason: null, correlationId: 'c', causationId: null, commandId: 'k' };
  const accept = () => operations.accept({ kind: 'count', workerId: null, input: {} }, context);
  runner.start();
  const accepted = await accept();
  await runner.drain();
  expect(begun).toEqual([accepted.id]);
  expect(await accept()).toMatchObject({ id: accepted.id, state: 'succeeded' });
  await runner.drain();
  expect(begun).toHaveLength(1);
});

it('is taken up by another process when its own is gone, and the late one changes nothing', async () => {
  const { store, replica, show } = bench();
  const stall = gate();
  let lateStep: unknown = null;
  const first = replica('a', async (run) => {
    await run.report({ progress: 0.5, message: 'half' });
    await stall.passed;
    lateStep = await run.report({ progress: 0.9, message: 'late' }).catch((error: unknown) => error);
    throw lateStep as Error;
  });
  const second = replica('b', () => Promise.resolve({ by: 'b' }));
  await store.add(anOperation());
  await first.runner.run();
  await second.pass(29_999);
  await second.runner.drain();
  expect(second.begun).toEqual([]);
  await second.pass(1);
  await second.runner.drain();
  stall.open();
  await first.runner.drain();
  expect(String(lateStep)).toContain('lost');
  expect(await show()).toMatchObject({ state: 'succeeded', result: { by: 'b' }, startedAt: ACCEPTED_AT });
});

it('stays with its process for as long as that works on it', async () => {
  const { store, replica } = bench();
  const stall = gate();
  const first = replica('a', () => stall.passed);
  const second = replica('b', () => Promise.resolve());
  await store.add(anOperation());
  await first.runner.run();
  for (let count = 0; count < 12; count += 1) await first.pass(10 * SECOND);
  await second.runner.drain();
  expect(second.begun).toEqual([]);
  stall.open();
  await first.runner.drain();
  expect(first.timers.pending).toBe(0);
});

it('ends before its next step when it is cancelled, and keeps what it did', async () => {
  const { store, replica, show } = bench();
  const steps: number[] = [];
  const { runner } = replica('a', () => Promise.resolve());
  const counting = replica('b', async (run) => {
    for (let step = 1; step <= 3; step += 1) {
      await run.report({ progress: step / 4, message: null, result: { steps: [...steps] } });
      steps.push(step);
      if (step === 2)
        await new CancelOperationHandler(store, runner).execute(new CancelOperation('o-1', PERSON));
    }
  });
  await store.add(anOperation());
  await counting.runner.drain();
  expect(steps).toEqual([1, 2]);
  expect(await show()).toMatchObject({
    ...{ state: 'cancelled', result: { steps: [1, 2] }, error: null, cancelledBy: 'user:bob' },
  });
  const again = await new CancelOperationHandler(store, runner).execute(new CancelOperation('o-1', PERSON));
  expect(again.state).toBe('cancelled');
});

it('is not even begun when it was cancelled before', async () => {
  const { store, replica, show } = bench();
  const { runner, begun } = replica('a', () => Promise.resolve());
  await store.add(anOperation());
  await store.requestCancel('o-1', 'user:bob');
  await runner.drain();
  expect([begun, (await show()).state]).toEqual([[], 'cancelled']);
});

it('breaks off what waits for something when it is cancelled', async () => {
  const { store, replica, show } = bench();
  const { runner, pass } = replica(
    'a',
    ({ signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('broken off'))),
      ),
  );
  await store.add(anOperation());
  await runner.run();
  await store.requestCancel('o-1', 'user:bob');
  await pass(10 * SECOND);
  await runner.drain();
  expect((await show()).state).toBe('cancelled');
});

it('cannot be cancelled once it has ended', async () => {
  const { store, replica } = bench();
  const { runner } = replica('a', () => Promise.resolve());
  await store.add(anOperation());
  await runner.drain();
  const cancel = new CancelOperationHandler(store, runner);
  await expect(cancel.execute(new CancelOperation('o-1', PERSON))).rejects.toMatchObject({
    code: 'operation-ended',
  });
  await expect(cancel.execute(new CancelOperation('o-9', PERSON))).rejects.toMatchObject({
    code: 'operation-not-found',
  });
});

it('fails with what a refusal says; a fault of ours is told to the log only', async () => {
  const { store, errors, replica, show } = bench();
  const { runner } = replica('a', ({ operation }) =>
    Promise.reject(operation.id === 'o-1' ? new Refused('AWS says no') : new Error('secret words')),
  );
  await store.add(anOperation());
  await store.add(anOperation({ id: 'o-2' }));
  await runner.drain();
  expect(await show()).toMatchObject({
    state: 'failed',
    error: { code: 'aws-refused', message: 'AWS says no' },
  });
  expect((await show('o-2')).error?.code).toBe('internal-error');
  expect(JSON.stringify(await show('o-2'))).not.toContain('secret');
  expect(errors).toEqual([expect.stringContaining('secret words')]);
});

it('is begun again a while after the database was away, but not for ever', async () => {
  const { clock, store, replica, show } = bench();
  const { runner, begun } = replica('a', () => Promise.reject(new StoreUnavailable('away')));
  await store.add(anOperation());
  await runner.drain();
  await runner.drain();
  expect([begun.length, (await show()).state]).toEqual([1, 'running']);
  for (let count = 0; count < 30; count += 1) {
    clock.advance(5 * SECOND);
    await runner.drain();
  }
  expect(begun).toHaveLength(20);
  expect(await show()).toMatchObject({ state: 'failed', error: { code: 'operation-gave-up' } });
});

it('is begun again when its handler says, and leaves its room to others until then', async () => {
  const { clock, store, replica, show } = bench();
  const { runner, begun } = replica('a', () => Promise.reject(new OperationPostponed(60 * SECOND, 'busy')));
  await store.add(anOperation());
  await runner.drain();
  clock.advance(60 * SECOND - 1);
  await runner.drain();
  expect([begun.length, (await show()).state]).toEqual([1, 'running']);
  clock.advance(1);
  await runner.drain();
  expect(begun).toHaveLength(2);
});

it('is given to others at its next step when its process stops', async () => {
  const { store, replica, show } = bench();
  const stall = gate();
  const first = replica('a', async (run) => {
    await stall.passed;
    await run.report({ progress: 0.5, message: null });
  });
  const second = replica('b', () => Promise.resolve());
  await store.add(anOperation());
  await first.runner.run();
  const stopped = first.runner.stop();
  stall.open();
  await stopped;
  await second.runner.drain();
  expect([second.begun, (await show()).state]).toEqual([['o-1'], 'succeeded']);
});

it('is left behind at a stop that has waited long enough', async () => {
  const { store, replica } = bench();
  const { runner, pass } = replica('a', () => gate().passed);
  await store.add(anOperation());
  await runner.run();
  const stopped = runner.stop();
  await flush();
  await pass(10 * SECOND);
  await stopped;
});

it('waits where as many of its kind are under way as its handler says', async () => {
  const { store, replica } = bench();
  const stall = gate();
  const { runner, begun } = replica('a', () => stall.passed);
  for (let count = 1; count <= 6; count += 1) await store.add(anOperation({ id: `o-${count}` }));
  await runner.run();
  expect(begun).toHaveLength(4);
  stall.open();
  await runner.drain();
  expect(begun).toHaveLength(6);
});

it('begins though all room of another kind is taken by what hangs', async () => {
  const { store, replica, show } = bench();
  const stall = gate();
  const { runner, begun } = replica('a', ({ operation }) =>
    operation.kind === 'count' ? stall.passed : Promise.resolve(),
  );
  for (let count = 1; count <= 5; count += 1) await store.add(anOperation({ id: `o-${count}` }));
  await store.add(anOperation({ id: 'other', kind: 'look' }));
  await runner.run();
  await flush();
  expect(begun).toEqual(['o-1', 'o-2', 'o-3', 'o-4', 'other']);
  expect((await show('other')).state).toBe('succeeded');
  stall.open();
  await runner.drain();
});

it('of a kind that nobody here knows is left to others', async () => {
  const { store, replica, show } = bench();
  const { runner, begun } = replica('a', () => Promise.resolve());
  await store.add(anOperation({ kind: 'of-a-newer-version' }));
  await runner.drain();
  expect([begun, (await show()).state]).toEqual([[], 'pending']);
});
