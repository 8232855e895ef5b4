import { MemoryOperations } from '../../operations/persistence/memory-operations';
import { Operations } from '../../operations';
import { type CommandContext } from '../../kernel/command-context';
import { labsBench, PERSON } from '../testing/labs-bench';
import { KeepTopologies, KeepTopologiesCommandHandler } from './keep-topologies.command';
import { StopAllLabs, StopAllLabsHandler } from './stop-all-labs.command';

function allLabsBench() {
  const { servers, acts, clock, worker, events } = labsBench();
  const operations = new Operations(new MemoryOperations(clock), { nudge: () => undefined } as never, clock);
  const stopAll = new StopAllLabsHandler(servers, acts, operations, { kind: 'stop-labs' } as never, clock);
  const keep = new KeepTopologiesCommandHandler(servers, operations, { kind: 'keep-topologies' } as never);
  return {
    events,
    worker,
    ask: (what: string, context: CommandContext) =>
      what === 'stop-labs'
        ? stopAll.execute(new StopAllLabs(worker.id, context))
        : keep.execute(new KeepTopologies(worker.id, context)),
  };
}

it.each(['stop-labs', 'keep-topologies'])('%s is for whoever has all labs of the worker', async (what) => {
  const { ask, worker, events } = allLabsBench();
  const some = { ...PERSON, reach: [{ workerIds: [worker.id], labIds: ['a'] }] };
  await expect(ask(what, some)).rejects.toMatchObject({ code: 'worker-not-found' });
  expect(events).toEqual([]);
  const all = { ...PERSON, reach: [...some.reach, { workerIds: [worker.id] }] };
  expect(await ask(what, all)).toMatchObject({ kind: what, workerId: worker.id });
});
