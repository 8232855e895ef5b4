import { MINUTE, SECOND } from '../../src/kernel/clocks';
import { StopNotPrepared } from '../../src/labs/domain/lab-errors';
import { OperationPostponed } from '../../src/operations';
import { CmlError } from '../../src/telemetry';
import { ForcedStopBench } from './forced-stop-bench';

const unreachable = () => new CmlError('unreachable', 'no route to it');

describe('a forced stop', () => {
  let bench: ForcedStopBench;
  const prepared = async () => (await bench.worker()).stopPrepared;
  const run = () => {
    const { handler, run } = bench.process();
    return handler.run(run);
  };

  beforeEach(async () => {
    bench = await new ForcedStopBench().begin();
  });

  it('waits for its labs, stops them in order, and tells how far it is', async () => {
    expect(await bench.next()).toBe('wait');
    expect(await run()).toEqual({
      message: 'Labs stopped: 3; topologies kept: 3. The instance stops now.',
      result: { topologiesKept: 3, labsStopped: 3 },
    });
    expect(bench.operation).toMatchObject({ message: '3 of 3 labs stopped.' });
    expect(bench.client.acts).toEqual(['stop a', 'stop b', 'stop c']);
    expect(await bench.next()).toBe('stop');
  });

  it('goes on after ten minutes with a lab that does not stop, and says so', async () => {
    bench.client.looksToStop.set('a', 10_000);
    const begun = bench.clock.now().getTime();
    await expect(run()).rejects.toThrow(new StopNotPrepared('w', 'it took too long'));
    expect(bench.clock.now().getTime() - begun).toBeLessThanOrEqual(10 * MINUTE + 30 * SECOND);
    expect(await prepared()).toMatchObject({ labsStopped: 2, topologiesKept: 3 });
    expect(await bench.next()).toBe('stop');
  });

  it('tries a server that does not answer for two minutes, and no longer', async () => {
    for (let tries = 0; tries < 8; tries += 1) {
      bench.client.failures.push(unreachable());
      await expect(run()).rejects.toThrow(OperationPostponed);
      expect(await bench.next()).toBe('wait');
      bench.timers.pass(15 * SECOND);
    }
    bench.client.failures.push(unreachable());
    await expect(run()).rejects.toThrow(StopNotPrepared);
    expect(await prepared()).toMatchObject({ labsStopped: null, topologiesKept: null });
    expect(await bench.next()).toBe('stop');
  });

  it('stops the labs of a server that shows no topologies', async () => {
    bench.client.failures.push(new CmlError('refused', 'not for you'));
    await run();
    expect(await prepared()).toMatchObject({ labsStopped: 3, topologiesKept: null });
  });

  it('asks again for a topology that the server could not show at once', async () => {
    bench.client.topologies.set('b', new CmlError('busy', 'later'));
    const calls: string[] = [];
    bench.client.beforeAnswer = (call) => {
      calls.push(call);
      if (calls.filter((earlier) => earlier === 'topology b').length === 2)
        bench.client.topologies.set('b', 'lab b');
    };
    expect(await run()).toMatchObject({ result: { topologiesKept: 3 } });
  });

  it('does nothing for a worker that goes down already, or that it was done for', async () => {
    await run();
    bench.client.acts.length = 0;
    expect((await run()).message).toMatch(/^There was nothing/);
    await bench.change((worker) => worker.updateStatus('STOPPING', bench.clock.now()));
    expect((await run()).message).toMatch(/^There was nothing/);
    expect(bench.client.acts).toEqual([]);
  });

  it('goes on at once where its preparation is cancelled', async () => {
    await bench.process().handler.onBrokenOff(bench.operation);
    expect(await prepared()).toMatchObject({ labsStopped: null, topologiesKept: null });
    expect(await bench.next()).toBe('stop');
  });

  it('is not waited for beyond two minutes where CML cannot be used', async () => {
    bench = await new ForcedStopBench().begin('STARTING');
    bench.client.looksToStop.set('a', 10_000);
    await expect(run()).rejects.toThrow(StopNotPrepared);
    const { at } = (await bench.worker()).desired;
    expect(bench.clock.now().getTime() - at.getTime()).toBeLessThanOrEqual(2 * MINUTE + 30 * SECOND);
  });
});
