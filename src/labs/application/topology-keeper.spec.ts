import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { MINUTE, plus } from '../../kernel/clocks';
import { CmlError } from '../../telemetry';
import { TOPOLOGY_LIMIT_BYTES } from '../domain/kept-topology';
import { aLab } from '../testing/fake-labs';
import { labsBench, NOW } from '../testing/labs-bench';
import { CmlTopologyKeeper } from './cml-topology-keeper';

const ORDER = { by: 'user:ann', reason: 'end of term' };

function keeperBench() {
  const bench = labsBench();
  const { servers, client, topologies, clock, worker } = bench;
  const keeper = new CmlTopologyKeeper(servers, client, topologies, clock);
  const abortion = new AbortController();
  const keepAll = (order: Parameters<typeof keeper.keepAll>[2] = ORDER) =>
    keeper.keepAll(worker, abortion.signal, order);
  const kept = () => topologies.page(worker.id, null, 100);
  return { ...bench, keeper, abortion, keepAll, kept };
}

describe('keeping the topologies of a worker', () => {
  it('stores each with its lab, its worker, and who wanted it', async () => {
    const { client, keepAll, kept, topologies, worker } = keeperBench();
    const lab = aLab('a');
    client.put(lab);
    client.topologies.set('a', 'lab:\n  title: Größe\n');
    expect(await keepAll()).toEqual({ kept: 1, failed: [], later: [] });
    const [topology] = await kept();
    expect(topology).toEqual({
      id: expect.any(String) as string,
      ...{ workerId: worker.id, workerName: 'lab-1', labId: 'a', title: 'Lab a', owner: 'alice' },
      labModifiedAt: lab.modifiedAt,
      sha256: createHash('sha256').update('lab:\n  title: Größe\n').digest('hex'),
      ...{ sizeBytes: 22, keptAt: NOW, confirmedAt: NOW, by: 'user:ann', reason: 'end of term' },
    });
    const found = await topologies.find(worker.id, topology?.id ?? '');
    expect(found?.text.reveal()).toBe('lab:\n  title: Größe\n');
    expect(inspect(found)).not.toContain('Größe');
  });

  it('stores one again only when it has changed', async () => {
    const { client, keepAll, kept, clock } = keeperBench();
    client.put(aLab('a'));
    client.topologies.set('a', 'one');
    await keepAll();
    clock.advance(MINUTE);
    expect(await keepAll({ by: 'user:bob', reason: null })).toEqual({ kept: 1, failed: [], later: [] });
    clock.advance(MINUTE);
    client.topologies.set('a', 'two');
    await keepAll();
    expect((await kept()).map(({ keptAt, confirmedAt, by }) => [keptAt, confirmedAt, by])).toEqual([
      [plus(NOW, 2 * MINUTE), plus(NOW, 2 * MINUTE), 'user:ann'],
      [NOW, plus(NOW, MINUTE), 'user:ann'],
    ]);
  });

  it('tells which could not be kept, and keeps the others; one that was deleted meanwhile is none', async () => {
    const { client, keepAll, kept } = keeperBench();
    client.put(aLab('a'), aLab('broken'), aLab('gone'), aLab('huge', { title: 'Everything' }), aLab('z'));
    client.topologies.set('a', 'one');
    client.topologies.set('broken', new CmlError('refused', 'CML answered 500: no such node'));
    client.topologies.set('huge', 'x'.repeat(TOPOLOGY_LIMIT_BYTES + 1));
    client.topologies.set('z', 'y'.repeat(TOPOLOGY_LIMIT_BYTES));
    expect(await keepAll()).toEqual({
      kept: 2,
      failed: [
        { labId: 'broken', message: 'CML answered 500: no such node' },
        {
          labId: 'huge',
          message:
            'The topology of Everything has 10.0 MiB, and is not kept: the limit is 10.0 MiB. Download it from the CML server.',
        },
      ],
      later: [],
    });
    expect((await kept()).map(({ labId }) => labId).sort()).toEqual(['a', 'z']);
  });

  it('tells apart what may succeed later, and does not wait for more than one time-out', async () => {
    const { client, keepAll, kept } = keeperBench();
    client.put(aLab('busy'), aLab('a'), aLab('hangs'), aLab('b'), aLab('c'));
    for (const id of ['a', 'b', 'c']) client.topologies.set(id, id);
    client.topologies.set('busy', new CmlError('busy', 'it is busy'));
    client.topologies.set('hangs', new CmlError('timeout', 'it is silent'));
    const found = await keepAll();
    expect(found).toEqual({
      ...{ kept: 1, failed: [] },
      later: [
        { labId: 'busy', message: 'it is busy' },
        { labId: 'b', message: 'It was not asked for: it is silent' },
        { labId: 'c', message: 'It was not asked for: it is silent' },
        { labId: 'hangs', message: 'it is silent' },
      ],
    });
    client.topologies.set('busy', 'busy');
    expect(await keepAll({ ...ORDER, only: found.later.map(({ labId }) => labId) })).toEqual({
      ...{ kept: 3, failed: [] },
      later: [{ labId: 'hangs', message: 'it is silent' }],
    });
    expect(await kept()).toHaveLength(4);
  });

  it('asks for no further lab when its time is over', async () => {
    const { client, keepAll, clock } = keeperBench();
    client.put(aLab('a'), aLab('b'));
    client.topologies.set('a', 'one');
    client.beforeAnswer = () => clock.advance(MINUTE);
    expect(await keepAll({ ...ORDER, until: plus(NOW, 2 * MINUTE) })).toEqual({
      ...{ kept: 1, failed: [] },
      later: [{ labId: 'b', message: 'It was not asked for: there was no time left for it' }],
    });
  });

  it('is on behalf of whoever wants the worker as it is, where nobody else is named', async () => {
    const { client, keeper, abortion, worker, kept } = keeperBench();
    client.put(aLab('a'));
    client.topologies.set('a', 'one');
    await keeper.keepAll(worker, abortion.signal);
    expect(await kept()).toMatchObject([{ by: worker.desired.by, reason: worker.desired.reason }]);
  });

  it('ends before the next lab when it is called off', async () => {
    const { client, keepAll, abortion, kept } = keeperBench();
    client.put(aLab('a'), aLab('b'), aLab('c'));
    for (const id of ['a', 'b']) client.topologies.set(id, id);
    const progress: number[] = [];
    const onProgress = (done: number) => {
      progress.push(done);
      if (done === 1) abortion.abort(new Error('cancelled'));
      return Promise.resolve();
    };
    await expect(keepAll({ ...ORDER, onProgress })).rejects.toThrow('cancelled');
    expect([progress, (await kept()).length]).toEqual([[0, 1], 2]);
  });

  it('ends by a store that is away', async () => {
    const { client, keepAll, topologies } = keeperBench();
    client.put(aLab('a'));
    client.topologies.set('a', 'one');
    jest.spyOn(topologies, 'keep').mockRejectedValueOnce(new Error('the store is away'));
    await expect(keepAll()).rejects.toThrow('the store is away');
  });

  it('fails where not even the labs can be listed, or the worker does not run', async () => {
    const { client, keepAll, keeper, worker, abortion } = keeperBench();
    client.failures.push(new CmlError('timeout', 'it is silent'));
    await expect(keepAll()).rejects.toMatchObject({ failure: 'timeout' });
    const stopped = { ...worker, status: 'STOPPED' as const };
    await expect(keeper.keepAll(stopped, abortion.signal)).rejects.toMatchObject({ failure: 'unreachable' });
  });
});
