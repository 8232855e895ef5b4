import { MINUTE, plus } from '../../kernel/clocks';
import { StoreUnavailable } from '../../kernel/domain-error';
import { aNewWorker, commandsOf, memoryWorkers, workersOver } from '../testing/memory-workers';
import { ENDPOINT, INSTANCE_ID, WORKER_ID } from '../testing/worker.builder';
import { AskForConnection, AskForConnectionHandler } from './ask-for-connection.command';
import { ConnectionCallers } from './connection-callers';
import { FenceWorker, FenceWorkerHandler } from './fence-worker.command';
import { StopWorker, StopWorkerHandler } from './stop-worker.command';
import { FakeLabCensus } from '../testing/fake-lab-census';

/** A worker that serves, was not used through the API yet, and that a decision to stop it is about. */
async function connectionBench() {
  const { repository, clock, events, store, seal, readModel } = memoryWorkers();
  /** of another process, whose commands do not wait for those of this one */
  const elsewhere = workersOver({ store, seal, clock }, readModel).repository;
  const command = commandsOf();
  const by = (actor: string) => ({ ...command(), actor });
  const now = clock.now();
  await repository.add(aNewWorker(WORKER_ID, { createdAt: now }), by('user:bob'));
  await repository.update(WORKER_ID, by('user:bob'), (worker) => {
    worker.assignInstance({ awsInstanceId: INSTANCE_ID, publicIp: null, privateIp: null }, now);
    worker.updateStatus('RUNNING', now);
    worker.updateServiceStatus('AVAILABLE', ENDPOINT, now);
    worker.updateTelemetry({ activeLabsCount: 0 }, now);
  });
  const handlerOf = (process = new ConnectionCallers(clock), workers = repository) =>
    new AskForConnectionHandler(workers, process, clock, clock);
  const handler = handlerOf();
  const connect = (actor = 'user:bob', process = handler) =>
    process.execute(new AskForConnection(WORKER_ID, by(actor)));
  const fence = (expectedUse: Date | null = null, workers = repository) => {
    const terms = { decisionId: 'd-1', until: plus(clock.now(), MINUTE), expectedUse };
    return new FenceWorkerHandler(workers, clock, clock).execute(
      new FenceWorker(WORKER_ID, terms, by('system:reaper')),
    );
  };
  const stop = (expectedUse: Date | null) => {
    const options = { decisionId: 'd-1', sendBefore: plus(clock.now(), MINUTE), expectedUse };
    return new StopWorkerHandler(repository, clock, new FakeLabCensus(0)).execute(
      new StopWorker(WORKER_ID, by('system:reaper'), options),
    );
  };
  const uses = () => events.filter(({ type }) => type === 'worker.use-noted').length;
  /** Lets another process do something right before the next commit is stored. */
  const beforeNextAppend = (others: () => Promise<unknown>) => {
    const append = store.append.bind(store);
    jest.spyOn(store, 'append').mockImplementationOnce(async (order) => {
      await others();
      return append(order);
    });
  };
  return {
    by,
    connectElsewhere: () => connect('user:bob', handlerOf(undefined, elsewhere)),
    fenceElsewhere: () => fence(null, elsewhere),
    handler,
    events,
    clock,
    store,
    repository,
    handlerOf,
    connect,
    fence,
    stop,
    uses,
    beforeNextAppend,
  };
}

const READY = { ready: true, httpsEndpoint: ENDPOINT };

describe('a connection that is answered ready', () => {
  it('is offered to nobody for whom the worker is out of reach, whoever polls', async () => {
    const { connect, handler, by, events } = await connectionBench();
    const reach = [{ workerIds: ['another'] }];
    const ask = () => handler.execute(new AskForConnection(WORKER_ID, { ...by('user:bob'), reach }));
    await expect(ask()).rejects.toMatchObject({ code: 'worker-not-found' });
    const before = events.length;
    expect((await connect()).ready).toBe(true);
    await expect(ask()).rejects.toMatchObject({ code: 'worker-not-found' });
    expect(events).toHaveLength(before + 1);
  });

  it('is a use of the worker, once for each caller', async () => {
    const { connect, uses, repository, clock } = await connectionBench();
    expect(await connect()).toEqual(READY);
    const use = { kind: 'connection', by: 'user:bob', at: clock.now() };
    expect((await repository.getById(WORKER_ID))?.state.lastUse).toEqual(use);
    await connect();
    expect(uses()).toBe(1);
    await connect('user:eve');
    expect(uses()).toBe(2);
  });

  it('is none of who polls, however long, and one of who comes back after ten minutes', async () => {
    const { connect, uses, clock } = await connectionBench();
    for (let asked = 0; asked < 30; asked += 1) {
      expect(await connect()).toEqual(READY);
      clock.advance(10 * MINUTE - 1);
    }
    expect(uses()).toBe(1);
    clock.advance(1);
    await connect();
    expect(uses()).toBe(2);
  });

  it('begins a series in each process anew', async () => {
    const { connect, uses, handlerOf } = await connectionBench();
    await connect();
    await connect('user:bob', handlerOf());
    expect(uses()).toBe(2);
  });

  it('is not given while a fence counts, also to who polls, and notes nothing then', async () => {
    const { connect, fence, uses, clock, repository } = await connectionBench();
    await connect();
    await fence((await repository.getById(WORKER_ID))?.state.lastUse?.at ?? null);
    expect(await connect()).toMatchObject({ ready: false, retryAfterSeconds: 60 });
    expect(await connect('user:eve')).toMatchObject({ ready: false });
    expect(uses()).toBe(1);
    clock.advance(MINUTE);
    expect(await connect('user:eve')).toEqual(READY);
    expect(uses()).toBe(2);
  });

  it('is none where the use cannot be noted: the next one is noted', async () => {
    const { connect, uses, store } = await connectionBench();
    jest.spyOn(store, 'append').mockRejectedValueOnce(new StoreUnavailable('no database'));
    await expect(connect()).rejects.toThrow(StoreUnavailable);
    expect(await connect()).toEqual(READY);
    expect(uses()).toBe(1);
  });
});

describe('a connection and an automatic stop at the same moment', () => {
  it('is not answered ready where the fence is stored first', async () => {
    const { connect, fenceElsewhere, uses, beforeNextAppend } = await connectionBench();
    beforeNextAppend(fenceElsewhere);
    expect(await connect()).toMatchObject({ ready: false });
    expect(uses()).toBe(0);
  });

  it('keeps the worker where its use is stored first', async () => {
    const { connectElsewhere, fence, beforeNextAppend, repository } = await connectionBench();
    let answer: unknown;
    beforeNextAppend(async () => (answer = await connectElsewhere()));
    await expect(fence()).rejects.toMatchObject({ code: 'worker-used' });
    expect(answer).toEqual(READY);
    expect((await repository.getById(WORKER_ID))?.state.fence).toBeNull();
  });

  it('keeps the worker from a stop, too, that was decided before the use', async () => {
    const { connectElsewhere, stop, beforeNextAppend, repository } = await connectionBench();
    beforeNextAppend(connectElsewhere);
    await expect(stop(null)).rejects.toMatchObject({ code: 'worker-used' });
    expect((await repository.getById(WORKER_ID))?.state.desired.state).toBe('RUNNING');
  });
});

it('remembers so many callers, and counts who was forgotten anew', () => {
  const { clock } = memoryWorkers();
  const callers = new ConnectionCallers(clock, 2);
  callers.told('w-1', 'user:ann');
  callers.told('w-1', 'user:bob');
  callers.told('w-1', 'user:ann');
  callers.told('w-2', 'user:ann');
  const remembered = (['w-1 user:ann', 'w-1 user:bob', 'w-2 user:ann'] as const).map((pair) => {
    const [workerId = '', caller = ''] = pair.split(' ');
    return callers.isPolling(workerId, caller);
  });
  expect(remembered).toEqual([true, false, true]);
});
