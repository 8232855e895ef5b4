import { StoreUnavailable } from '../../kernel/domain-error';
import { aNewWorker, commandsOf, memoryWorkers } from '../testing/memory-workers';

const START = new Date('2026-03-01T08:00:00.000Z');

async function aFleet() {
  const workers = memoryWorkers();
  const { repository, reservations, store, freeKeys } = workers;
  const command = commandsOf();
  await repository.add(aNewWorker('w-1', { name: 'first', createdAt: START }), command());
  const rename = (name: string) =>
    repository.update('w-1', command(), (worker) => {
      worker.updateDetails({ ...worker.state, name }, START);
    });
  /** The process dies after the commit, before it frees what the worker no longer has. */
  const dying = async (change: () => Promise<unknown>) => {
    jest.spyOn(reservations, 'free').mockRejectedValueOnce(new StoreUnavailable('killed'));
    await expect(change()).rejects.toThrow('killed');
  };
  /** The subscription to its end, from the log's beginning. */
  const follow = async () => {
    await store.sequence();
    for (const entry of await store.readLog(0, 100)) await freeKeys.handle(entry);
  };
  return { ...workers, command, rename, dying, follow };
}

describe('the step that frees names and instances', () => {
  it('frees the old name of a worker whose renaming process died', async () => {
    const { reservations, dying, rename, follow } = await aFleet();
    await dying(() => rename('second'));
    expect(await reservations.holder('name:first')).toBe('worker-w-1');
    await follow();
    expect(await reservations.holder('name:first')).toBeNull();
    expect(await reservations.holder('name:second')).toBe('worker-w-1');
  });

  it.each(['released', 'terminated'])('frees everything of a worker that was %s', async (end) => {
    const { repository, reservations, dying, command, follow } = await aFleet();
    const instance = { awsInstanceId: 'i-1', awsAccountId: null, publicIp: null, privateIp: null };
    await repository.update('w-1', command(), (worker) => {
      worker.assignInstance(instance, START);
      const reading = { status: 'RUNNING', publicIp: null, privateIp: null, stateReason: null } as const;
      worker.observe({ ...reading, begunAt: START }, START);
    });
    expect(await reservations.heldBy('worker-w-1', 100)).toHaveLength(2);
    await dying(() =>
      end === 'released'
        ? repository.delete('w-1', command(), START)
        : repository.update('w-1', command(), (worker) => void worker.terminate('user:ann', START)),
    );
    await follow();
    expect(await reservations.heldBy('worker-w-1', 100)).toEqual([]);
  });

  it('leaves a name that a change under way has just taken again', async () => {
    const { reservations, dying, rename, follow } = await aFleet();
    await dying(() => rename('second'));
    expect(await reservations.take('name:first', 'worker-w-1', 3)).toBe(true);
    await follow();
    expect(await reservations.holder('name:first')).toBe('worker-w-1');
    await rename('first');
    await follow();
    expect(await reservations.holder('name:first')).toBe('worker-w-1');
    expect(await reservations.holder('name:second')).toBeNull();
  });
});

describe('two renames that cross each other', () => {
  it('leave the worker the name that it has in the end', async () => {
    const { reservations, rename } = await aFleet();
    const free = reservations.free.bind(reservations);
    // the first rename is stored; before it comes to free the old name, another one takes that name again
    jest.spyOn(reservations, 'free').mockImplementationOnce(async (...args) => {
      await rename('first');
      return free(...args);
    });
    await rename('second');
    expect(await reservations.holder('name:first')).toBe('worker-w-1');
    expect(await reservations.holder('name:second')).toBeNull();
  });
});
