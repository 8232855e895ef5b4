import { type Operation, type OperationRun } from '../../operations';
import { labsBench } from '../testing/labs-bench';
import { LabShutdown, type LabShutdownOptions } from './lab-shutdown';
import { StopLabsHandler } from './stop-labs.handler';

/** Stops what it is told, lab by lab. */
class CountedShutdown extends LabShutdown {
  constructor(private readonly labs: number) {
    super();
  }

  async stopAll(_worker: unknown, { signal, onProgress }: LabShutdownOptions): Promise<number> {
    for (let stopped = 1; stopped <= this.labs; stopped += 1) {
      signal.throwIfAborted();
      await onProgress?.(stopped, this.labs);
    }
    return this.labs;
  }
}

function handlerBench(labs: number) {
  const { servers, worker } = labsBench();
  const abortion = new AbortController();
  const told: [number, string | null][] = [];
  const run = {
    operation: { id: 'o-1', workerId: worker.id } as Operation,
    signal: abortion.signal,
    report: ({ progress, message }) => Promise.resolve(void told.push([progress, message])),
  } satisfies OperationRun;
  return { handler: new StopLabsHandler(servers, new CountedShutdown(labs)), run, told, abortion };
}

it('tells how far the stop of all labs is, and leaves a share for the nodes that go down', async () => {
  const { handler, run, told } = handlerBench(2);
  expect(await handler.run(run)).toEqual({
    ...{ message: '2 labs were stopped; no node runs.', result: { stopped: 2 } },
  });
  expect(told).toEqual([
    [0, 'Looking for labs that run.'],
    [0.45, '1 of 2 labs stopped.'],
    [0.9, '2 of 2 labs stopped.'],
  ]);
});

it('goes on no more when the operation is cancelled, or another’s', async () => {
  const { handler, run, told, abortion } = handlerBench(3);
  abortion.abort(new Error('cancelled'));
  await expect(handler.run(run)).rejects.toThrow('cancelled');
  expect(told).toHaveLength(1);
  const second = handlerBench(3);
  const lost = () => (second.told.length === 2 ? Promise.reject(new Error('lost')) : Promise.resolve());
  const report: OperationRun['report'] = (progress) => lost().then(() => second.run.report(progress));
  await expect(second.handler.run({ ...second.run, report })).rejects.toThrow('lost');
  expect(second.told).toHaveLength(2);
});
