import { ManualClock } from '../../kernel/clocks';
import { StoreUnavailable } from '../../kernel/domain-error';
import { ManualTimers } from '../../kernel/timers';
import { MemoryOperations } from '../persistence/memory-operations';
import { ACCEPTED_AT, anOperation } from '../testing/operation.builder';
import { CLAIM_MS, OperationAttempt } from './operation-attempt';
import { type OperationHandler } from './operation-handlers';

/** One try after the other of the operation `o-1`; what the handler leaves behind is put in order by `onBrokenOff`. */
async function bench(
  run: OperationHandler['run'],
  onBrokenOff: () => Promise<void> = () => Promise.resolve(),
) {
  const clock = new ManualClock(ACCEPTED_AT);
  const store = new MemoryOperations(clock);
  await store.add(anOperation());
  const errors: string[] = [];
  const seen: string[] = [];
  const report = (error: unknown, during: string) => void errors.push(`${during}: ${String(error)}`);
  const services = { store, clock, timers: new ManualTimers(), report };
  const handler: OperationHandler = {
    ...{ kind: 'count', role: 'admin', atOnce: 1, run },
    onBrokenOff: async ({ id }) => {
      seen.push(`${id} ${(await store.find(id))?.state}`);
      await onBrokenOff();
    },
  };
  const attempt = async () => {
    clock.advance(CLAIM_MS);
    const claimed = await store.claimDue(['count'], 'a', CLAIM_MS, clock.now());
    if (claimed) await new OperationAttempt(claimed, handler, services).run();
    return claimed !== null;
  };
  return { store, errors, seen, attempt, end: () => store.find('o-1') };
}

const SUCCEEDS = () => Promise.resolve({ message: 'counted', result: null });

describe('what an operation leaves behind that ends without a word of its handler', () => {
  it('is put in order before the end of one that was cancelled before it ran is stored', async () => {
    const { store, seen, attempt, end } = await bench(SUCCEEDS);
    await store.requestCancel('o-1', 'user:bob');
    await attempt();
    expect([seen, (await end())?.state]).toEqual([['o-1 running'], 'cancelled']);
  });

  it('is put in order of one that fails by a fault of ours', async () => {
    const { seen, attempt, end } = await bench(() =>
      Promise.reject(new Error('undefined is not a function')),
    );
    await attempt();
    expect([seen, (await end())?.error?.code]).toEqual([['o-1 running'], 'internal-error']);
  });

  it('is put in order of one that was begun too often', async () => {
    const { seen, attempt, end } = await bench(() => Promise.reject(new StoreUnavailable('away')));
    while (await attempt());
    expect([seen, (await end())?.error?.code]).toEqual([['o-1 running'], 'operation-gave-up']);
  });

  it('is nothing of one that its handler brought to an end', async () => {
    const { seen, attempt, end } = await bench(SUCCEEDS);
    await attempt();
    expect([seen, (await end())?.state]).toEqual([[], 'succeeded']);
  });

  it('is put in order again where the store was away, and it ends then', async () => {
    let tries = 0;
    const away = () =>
      (tries += 1) === 1 ? Promise.reject(new StoreUnavailable('away')) : Promise.resolve();
    const { store, seen, attempt, end } = await bench(SUCCEEDS, away);
    await store.requestCancel('o-1', 'user:bob');
    await attempt();
    expect((await end())?.state).toBe('running');
    await attempt();
    expect([seen.length, (await end())?.state]).toEqual([2, 'cancelled']);
  });

  it('does not keep it from its end by an error of its own, which is reported', async () => {
    const { store, errors, attempt, end } = await bench(SUCCEEDS, () => Promise.reject(new Error('no')));
    await store.requestCancel('o-1', 'user:bob');
    await attempt();
    expect((await end())?.state).toBe('cancelled');
    expect(errors).toEqual(['put in order what the operation o-1 leaves behind: Error: no']);
  });
});
