import { MINUTE, plus, SECOND } from '../../kernel/clocks';
import { ManualTimers } from '../../kernel/timers';
import { CmlError, type CmlFailure } from '../../telemetry';
import { aLab } from '../testing/fake-labs';
import { labsBench, NOW } from '../testing/labs-bench';
import { PacedLabShutdown } from './paced-lab-shutdown';

const started = (id: string, given = {}) => aLab(id, { state: 'STARTED', ...given });
const failing = (failure: CmlFailure) => new CmlError(failure, `it is ${failure}`);

function shutdownBench() {
  const bench = labsBench();
  const timers = new ManualTimers();
  const abortion = new AbortController();
  const progress: [number, number][] = [];
  const { servers, history, client, clock } = bench;
  const shutdown = new PacedLabShutdown(servers, history, { client, clock, timers });
  const stopAll = (worker = bench.worker) =>
    shutdown.stopAll(worker, {
      signal: abortion.signal,
      onProgress: (stopped, of) => Promise.resolve(void progress.push([stopped, of])),
    });
  /** Lets machine time pass, look by look, until it has come to an end. */
  const toItsEnd = async <T>(work: Promise<T>): Promise<T> => {
    let ended = false;
    const end = () => (ended = true);
    void work.then(end, end);
    while (!ended) {
      await new Promise(setImmediate);
      if (timers.pending === 0) continue;
      clock.advance(5 * SECOND);
      timers.advance(5 * SECOND);
    }
    return work;
  };
  const passed = () => clock.now().getTime() - NOW.getTime();
  return { ...bench, timers, abortion, progress, stopAll, toItsEnd, passed };
}

describe('stopping all labs of a worker', () => {
  it('takes one after the other, the latest started first, those whose start nobody saw by their age', async () => {
    const { client, history, worker, stopAll, toItsEnd, progress } = shutdownBench();
    const made = (day: number) => ({ createdAt: new Date(Date.UTC(2026, 11, day)) });
    client.put(started('a'), started('b'), started('old', made(1)), started('new', made(2)), aLab('still'));
    const start = (labId: string, minute: number) => ({
      ...{ id: `start-${labId}`, workerId: worker.id, labId, title: null, owner: null, by: null },
      ...{ from: 'STOPPED', to: 'STARTED', since: NOW, at: plus(NOW, minute * MINUTE) },
    });
    await history.add([start('a', 1), start('b', 2)]);
    client.looksToStop.set('b', 3);
    client.beforeAnswer = (call) => {
      const [what, id] = call.split(' ');
      if (what === 'get') client.acts.push(`look at ${id}`);
    };
    expect(await toItsEnd(stopAll())).toBe(4);
    expect(client.acts).toEqual([
      ...['stop b', 'look at b', 'look at b', 'look at b', 'stop a', 'look at a'],
      ...['stop new', 'look at new', 'stop old', 'look at old'],
    ]);
    expect(progress).toEqual([
      [1, 4],
      [2, 4],
      [3, 4],
      [4, 4],
    ]);
  });

  it('ends when no node runs, and takes an unknown number for no answer', async () => {
    const { client, stopAll, toItsEnd, passed } = shutdownBench();
    client.lingering.push(2, null, 1);
    expect(await toItsEnd(stopAll())).toBe(0);
    expect([client.acts, passed()]).toEqual([[], 15 * SECOND]);
  });

  it('ends a minute after the last lab where the server never tells of nodes', async () => {
    const { client, stopAll, toItsEnd, passed } = shutdownBench();
    client.put(started('a'), aLab('late'));
    client.lingering.push(...Array.from({ length: 100 }, () => null));
    client.beforeAnswer = (call) => {
      // 40 s after the first has stopped
      if (call === 'list' && passed() === 40 * SECOND && client.acts.length === 1)
        client.put(started('late'));
    };
    expect(await toItsEnd(stopAll())).toBe(2);
    expect(client.acts).toEqual(['stop a', 'stop late']);
    expect(passed()).toBe(100 * SECOND);
  });

  it('stops what somebody starts meanwhile, and counts it', async () => {
    const { client, stopAll, toItsEnd, progress } = shutdownBench();
    client.put(started('a'), aLab('late'));
    client.beforeAnswer = (call) => {
      if (call === 'runningNodes' && client.acts.length === 1) client.put(started('late'));
    };
    client.lingering.push(1);
    expect(await toItsEnd(stopAll())).toBe(2);
    expect(client.acts).toEqual(['stop a', 'stop late']);
    expect(progress).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('lets the others go on after five minutes with one that does not stop, and comes back to it', async () => {
    const { client, stopAll, toItsEnd, passed } = shutdownBench();
    client.put(started('b', { createdAt: NOW }), started('a'));
    client.looksToStop.set('b', 61);
    expect(await toItsEnd(stopAll())).toBe(2);
    expect(client.acts).toEqual(['stop b', 'stop a', 'stop b']);
    expect(passed()).toBe(5 * MINUTE);
  });

  it('gives up after twenty minutes, and says what still runs', async () => {
    const { client, stopAll, toItsEnd, passed } = shutdownBench();
    client.put(started('a'));
    client.looksToStop.set('a', Infinity);
    await expect(toItsEnd(stopAll())).rejects.toMatchObject({
      failure: 'nodes-running',
      message:
        'After 20 minutes something still runs (labs: 1, nodes: unknown). Stop it on the CML server, then ask again.',
    });
    expect(passed()).toBe(20 * MINUTE);
  });

  it('overlooks a server that is silent for less than two minutes, again and again', async () => {
    const { client, stopAll, toItsEnd, passed } = shutdownBench();
    client.put(started('a'));
    const silence = Array.from({ length: 24 }, () => failing('timeout'));
    client.failures.push(...silence);
    client.beforeAnswer = (call) => {
      if (call === 'get a') client.failures.push(...silence.splice(0));
    };
    expect(await toItsEnd(stopAll())).toBe(1);
    expect(passed()).toBe(2 * 24 * 5 * SECOND);
  });

  it.each<[CmlFailure, number]>([
    ['unreachable', 2 * MINUTE],
    ['certificate', 0],
    ['credentials', 0],
  ])('fails by a server that is %s after %i ms', async (failure, ms) => {
    const { client, stopAll, toItsEnd, passed } = shutdownBench();
    client.failures.push(...Array.from({ length: 100 }, () => failing(failure)));
    await expect(toItsEnd(stopAll())).rejects.toMatchObject({ failure });
    expect(passed()).toBe(ms);
  });

  it('ends at once when it is called off, in the midst of waiting too', async () => {
    const { client, stopAll, abortion, timers } = shutdownBench();
    client.put(started('a'));
    client.looksToStop.set('a', Infinity);
    const work = stopAll();
    while (timers.pending === 0) await new Promise(setImmediate);
    abortion.abort(new Error('cancelled'));
    await expect(work).rejects.toThrow('cancelled');
    expect(timers.pending).toBe(0);
    await expect(stopAll()).rejects.toThrow('cancelled');
    expect(client.acts).toEqual(['stop a']);
  });

  it('is of a worker that can be reached', async () => {
    const { worker, stopAll } = shutdownBench();
    const stopped = { ...worker, status: 'STOPPED' as const };
    await expect(stopAll(stopped)).rejects.toMatchObject({ failure: 'unreachable', code: 'cml-unavailable' });
  });
});
