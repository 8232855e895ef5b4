import { HOUR, MINUTE, plus } from '../../kernel/clocks';
import { StopWorker, StopWorkerHandler } from '../../workers/application/stop-worker.command';
import { FakeLabCensus } from '../../workers/testing/fake-lab-census';
import { aWorker, type WorkerBuilder } from '../../workers/testing/worker.builder';
import { ANN, hours, NOW } from '../testing/assignment.builder';
import { AssignmentsBench, OPTIONS } from '../testing/assignments-bench';
import { RequestWorker } from './request-worker.command';
import { CancelRequest } from './cancel-request.command';
import { QuotaExceeded } from '../domain/assignment-errors';

const POOL = { pool: 'yes' };
const worker = (id: string, tags: Record<string, string> = POOL): WorkerBuilder =>
  aWorker({ name: `lab ${id}`, tags }, id);

describe('a request for a worker', () => {
  let bench: AssignmentsBench;
  beforeEach(() => {
    bench = new AssignmentsBench();
  });

  const ask = async (actor = ANN, given: Partial<RequestWorker['order']> = {}) => {
    const order = { tags: [], hours: 4, labId: null, ...given };
    const { ask: handler } = await bench.process();
    const context = bench.context(actor, `ask ${actor} ${JSON.stringify(given)}`);
    return (await handler.execute(new RequestWorker(order, context))).id;
  };
  const serve = async () => {
    const process = await bench.process();
    await process.serve();
    expect(process.faults).toEqual([]);
    await bench.follow();
  };
  const held = async (actor = ANN) => {
    const { directory } = await bench.process();
    return directory.heldBy(actor, bench.clock.now());
  };
  const cancel = async (id: string, actor = ANN) => {
    const { cancel: handler } = await bench.process();
    const viewer = { actor, operates: [] };
    await handler.execute(new CancelRequest(id, viewer, bench.context(actor, `cancel ${id}`)));
    await bench.follow();
  };

  it('gets a worker that can be used at once, for as long as was asked, and counts as its use', async () => {
    await bench.given(worker('w-1').serving());
    const id = await ask();
    await serve();
    const request = await bench.request(id);
    expect(request).toMatchObject({ state: 'ready', workerId: 'w-1', until: hours(4), readyAt: NOW });
    expect(await held()).toMatchObject([
      {
        ...{ id: request.assignmentId, workerId: 'w-1', from: NOW, until: hours(4), requestId: id },
        ...{ by: 'system:worker-requests', reason: 'exercise' },
      },
    ]);
    expect((await bench.worker('w-1')).lastUse).toMatchObject({ kind: 'keep-alive', by: ANN, at: NOW });
  });

  it('has a stopped worker started, tells how far it is, and gets it when it can be used', async () => {
    await bench.given(worker('w-1').stopped());
    const id = await ask();
    await serve();
    expect(await bench.request(id)).toMatchObject({
      ...{ state: 'starting', workerId: 'w-1' },
      message: expect.stringMatching(/^The worker "lab w-1" is STOPPED.*starting/) as string,
    });
    expect((await bench.worker('w-1')).desired).toMatchObject({
      ...{ state: 'RUNNING', by: ANN, reason: `request ${id}: exercise` },
    });
    const messages = new Set<string>();
    for (let minute = 0; minute < 3; minute += 1) {
      await bench.pass(1);
      await serve();
      messages.add((await bench.request(id)).message);
      expect(await held()).toHaveLength(minute === 2 ? 1 : 0);
    }
    expect(messages.size).toBe(3);
    expect(await bench.request(id)).toMatchObject({
      state: 'ready',
      until: plus(NOW, 4 * HOUR + 3 * MINUTE),
    });
  });

  it('gets none that does not carry the tags, is terminated, or whose licence is in error', async () => {
    await bench.given(worker('w-1', {}).serving());
    await bench.given(worker('w-2').serving().licensed('EXPIRED'));
    await bench.given(worker('w-3').serving().certified('AA', 'BB'));
    await bench.given(worker('w-4').terminated());
    const id = await ask();
    await serve();
    expect(await bench.request(id)).toMatchObject({
      ...{ state: 'waiting', workerId: null },
      message: expect.stringMatching(/neither used nor started/) as string,
    });
    const other = await ask('user:bob', { tags: [{ key: 'course', value: 'bgp' }] });
    await serve();
    expect((await bench.request(other)).message).toMatch(/No worker has what is asked for/);
  });

  it('with a lab gets a worker on which the lab was seen, and that lab only', async () => {
    for (const id of ['w-1', 'w-2']) await bench.given(worker(id).serving());
    bench.labs.set('w-2', ['lab-7']);
    const id = await ask(ANN, { labId: 'lab-7' });
    await serve();
    expect(await bench.request(id)).toMatchObject({ state: 'ready', workerId: 'w-2' });
    expect(await held()).toMatchObject([{ workerId: 'w-2', labId: 'lab-7' }]);
  });

  it('has no worker started that the quota would refuse, however many are made in one moment', async () => {
    for (const id of ['w-1', 'w-2', 'w-3', 'w-4', 'w-5']) await bench.given(worker(id).stopped());
    // none has seen the others when its quota is looked at
    const ids = await Promise.all([1, 2, 3, 4, 5].map((given) => ask(ANN, { hours: given })));
    await serve();
    const workers = await Promise.all([1, 2, 3, 4, 5].map((id) => bench.worker(`w-${id}`)));
    expect(workers.filter(({ desired }) => desired.state === 'RUNNING')).toHaveLength(OPTIONS.userWorkers);
    const requests = await Promise.all(ids.map((id) => bench.request(id)));
    expect(requests.map(({ state }) => state).sort()).toEqual([
      ...['failed', 'failed', 'failed', 'starting', 'starting'],
    ]);
    for (const { state, failure } of requests) {
      if (state === 'failed') expect(failure).toMatchObject({ code: 'quota-exceeded' });
    }
  });

  it('waits its turn, and gets the worker when the one before gives it back', async () => {
    await bench.given(worker('w-1').serving());
    const ids: string[] = [];
    for (const actor of [ANN, 'user:bob', 'user:eve']) {
      ids.push(await ask(actor));
      bench.clock.advance(1);
    }
    await serve();
    const states = () => Promise.all(ids.map(async (id) => (await bench.request(id)).state));
    expect(await states()).toEqual(['ready', 'waiting', 'waiting']);
    await cancel(ids[0] ?? '');
    expect(await held()).toEqual([]);
    await serve();
    expect(await states()).toEqual(['cancelled', 'ready', 'waiting']);
  });

  it('counts those to whom admins assigned the worker', async () => {
    await bench.given(worker('w-1').serving());
    const { users } = await bench.process();
    const given = {
      ...{ id: 'a-1', workerId: 'w-1', labId: null, from: hours(2), until: null, by: 'x', reason: null },
      ...{ requestId: null, grantedAt: NOW },
    };
    await users.change('user:bob', bench.context('x', 'assign'), (user) => user.grant('user:bob', given, 2));
    const long = await ask();
    const short = await ask('user:eve', { hours: 2 });
    await serve();
    expect((await bench.request(long)).state).toBe('waiting');
    expect((await bench.request(short)).state).toBe('ready');
  });

  it('fails after 60 minutes, and gives its seat back', async () => {
    await bench.given(worker('w-1').stopped());
    const id = await ask();
    await serve();
    bench.clock.advance(60 * MINUTE);
    await serve();
    expect(await bench.request(id)).toMatchObject({
      ...{ state: 'failed', failure: { code: 'request-timed-out' } },
      message: expect.stringMatching(/At last: The worker "lab w-1" is STOPPED/) as string,
    });
    expect((await bench.worker('w-1')).desired.state).toBe('RUNNING');
    const next = await ask('user:bob');
    await bench.pass(1);
    await serve();
    expect(await bench.request(next)).toMatchObject({ state: 'starting', workerId: 'w-1' });
  });

  it('gives its seat back when it is cancelled; the worker that was started is left alone', async () => {
    await bench.given(worker('w-1').stopped());
    const id = await ask();
    await serve();
    await cancel(id);
    expect((await bench.worker('w-1')).desired.state).toBe('RUNNING');
    await bench.pass(1);
    const next = await ask('user:bob');
    await serve();
    expect(await bench.request(next)).toMatchObject({ state: 'starting', workerId: 'w-1' });
  });

  it('does not start a worker again that somebody stopped meanwhile, but takes another', async () => {
    for (const id of ['w-1', 'w-2']) await bench.given(worker(id).stopped());
    const id = await ask();
    await serve();
    await bench.pass(1);
    const stop = new StopWorkerHandler(bench.workers.repository, bench.clock, new FakeLabCensus());
    await stop.execute(new StopWorker('w-1', bench.context('user:boss', 'stop'), { force: true }));
    await serve();
    expect(await bench.request(id)).toMatchObject({ state: 'starting', workerId: 'w-2' });
    expect((await bench.worker('w-1')).desired.state).toBe('STOPPED');
  });

  it('is refused where the quota has no room, those that wait counted, and again when it is to be granted', async () => {
    for (const id of ['w-1', 'w-2', 'w-3']) await bench.given(worker(id).serving());
    const first = await ask(ANN, { hours: 1 });
    await ask(ANN, { hours: 2 });
    await expect(ask(ANN, { hours: 3 })).rejects.toThrow(QuotaExceeded);
    const { users } = await bench.process();
    await users.change(ANN, bench.context('x', 'quota'), (user) => user.setQuota(ANN, 1, NOW));
    await serve();
    const states = [await bench.request(first), await bench.request(await ask(ANN, { hours: 2 }))];
    expect(states.map(({ state }) => state).sort()).toEqual(['failed', 'ready']);
    expect(states.find(({ state }) => state === 'failed')?.failure?.code).toBe('quota-exceeded');
    expect(await held()).toHaveLength(1);
  });

  it('expires with its time, and with its assignment', async () => {
    for (const id of ['w-1', 'w-2']) await bench.given(worker(id).serving());
    const first = await ask();
    const second = await ask('user:bob');
    await serve();
    const { assignmentId } = await bench.request(second);
    const { users } = await bench.process();
    await users.change('user:bob', bench.context('x', 'end'), (user) =>
      user.end(assignmentId ?? '', 'revoked', { by: 'x', at: NOW }),
    );
    await serve();
    expect(await bench.request(second)).toMatchObject({
      state: 'expired',
      message: expect.stringContaining('revoked') as string,
    });
    bench.clock.advance(4 * HOUR);
    await serve();
    expect(await bench.request(first)).toMatchObject({ state: 'expired', endedAt: hours(4) });
    expect(await held()).toEqual([]);
  });

  it.each([
    ['terminated', 'worker-terminated'],
    ['released', 'worker-released'],
  ] as const)('ends with its worker: %s', async (how, cause) => {
    await bench.given(worker('w-1').serving());
    const id = await ask();
    await serve();
    await bench.workers.repository.update('w-1', bench.context('x', 'end it'), (it) => {
      if (how === 'terminated') it.updateStatus('TERMINATED', bench.clock.now());
      else it.release({ by: 'x', reason: null, at: bench.clock.now() });
    });
    await bench.follow();
    const { directory } = await bench.process();
    expect(directory.assignments()).toMatchObject([
      { requestId: id, ended: { cause, by: 'system:assignments' } },
    ]);
    await serve();
    expect((await bench.request(id)).state).toBe('expired');
  });

  it('is not offered where nobody said which workers are given', async () => {
    bench = new AssignmentsBench({ ...OPTIONS, requestTags: [] });
    await expect(ask()).rejects.toMatchObject({ code: 'requests-not-offered' });
  });
});
