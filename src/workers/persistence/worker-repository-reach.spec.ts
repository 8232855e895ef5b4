import { type CommandContext } from '../../kernel/command-context';
import { type Reach } from '../../kernel/reach';
import { type CmlWorker } from '../domain/cml-worker';
import { aNewWorker, commandsOf, memoryWorkers } from '../testing/memory-workers';

const NET: Reach = [{ tags: [{ key: 'team', value: 'net' }] }];
const REGION: Reach = [{ regions: ['eu-west-1'] }];

const within = (context: CommandContext, reach: Reach): CommandContext => ({ ...context, reach });

async function bench() {
  const parts = memoryWorkers();
  const command = commandsOf();
  const createdAt = parts.clock.now();
  const net = aNewWorker('net', { createdAt, tags: { team: 'net' } });
  const voice = aNewWorker('voice', { createdAt, tags: { team: 'voice' } });
  await parts.repository.add(net, command());
  await parts.repository.add(voice, command());
  return { ...parts, command, createdAt };
}

const rename = (name: string, now: Date) => (worker: CmlWorker) => {
  const { tags, instanceType, amiId, amiName, idlePolicyId, driftPolicy } = worker.state;
  worker.updateDetails({ name, tags, instanceType, amiId, amiName, idlePolicyId, driftPolicy }, now);
};
const retag = (tags: Record<string, string>, now: Date) => (worker: CmlWorker) => {
  const { name, instanceType, amiId, amiName, idlePolicyId, driftPolicy } = worker.state;
  worker.updateDetails({ name, tags, instanceType, amiId, amiName, idlePolicyId, driftPolicy }, now);
};

describe('the repository of workers, for whoever has a part of the fleet', () => {
  it('finds no worker out of reach, and says of it what it says of one that never was', async () => {
    const { repository } = await bench();
    expect((await repository.getById('net', NET))?.id).toBe('net');
    expect(await repository.getById('voice', NET)).toBeNull();
    expect((await repository.getById('voice'))?.id).toBe('voice');
  });

  it('changes and releases none out of reach', async () => {
    const { repository, command, createdAt } = await bench();
    const change = jest.fn();
    const missing = { code: 'worker-not-found' };
    await expect(repository.update('voice', within(command(), NET), change)).rejects.toMatchObject(missing);
    await expect(repository.delete('voice', within(command(), NET), createdAt)).rejects.toMatchObject(
      missing,
    );
    expect(change).not.toHaveBeenCalled();
    await repository.update('net', within(command(), NET), rename('new', createdAt));
    await repository.update('voice', command(), rename('newer', createdAt));
    expect((await repository.getById('voice'))?.state.name).toBe('newer');
  });

  it('says nothing of a command that was carried out before and whose worker has left since', async () => {
    const { repository, command, createdAt } = await bench();
    const first = within(command(), NET);
    await repository.update('net', first, rename('new', createdAt));
    await repository.update('net', command(), retag({ team: 'voice' }, createdAt));
    const again = repository.update('net', first, rename('new', createdAt));
    await expect(again).rejects.toMatchObject({ code: 'worker-not-found' });
    const adding = within(command(), NET);
    await repository.add(aNewWorker('late', { createdAt, tags: { team: 'net' } }), adding);
    await repository.update('late', command(), retag({}, createdAt));
    const added = repository.add(aNewWorker('late', { createdAt, tags: { team: 'net' } }), adding);
    await expect(added).rejects.toMatchObject({ code: 'worker-not-found' });
  });

  it('adds none out of reach, and takes no name for it', async () => {
    const { repository, command, createdAt, reservations } = await bench();
    const adding = repository.add(aNewWorker('w', { createdAt, name: 'free' }), within(command(), NET));
    await expect(adding).rejects.toMatchObject({ code: 'scope-too-small', data: { members: ['tags'] } });
    expect(await reservations.holder('name:free')).toBeNull();
    expect(await repository.getById('w')).toBeNull();
  });

  it('moves none out of reach', async () => {
    const { repository, command, createdAt } = await bench();
    const moving = repository.update('net', within(command(), NET), retag({ team: 'voice' }, createdAt));
    await expect(moving).rejects.toMatchObject({ code: 'scope-too-small', data: { members: ['tags'] } });
    expect((await repository.getById('net'))?.state.tags).toEqual({ team: 'net' });
    await repository.update('net', within(command(), REGION), retag({ team: 'voice' }, createdAt));
    expect((await repository.getById('net'))?.state.tags).toEqual({ team: 'voice' });
  });

  it('says that a name is taken, and by whom within reach only', async () => {
    const { repository, command, createdAt } = await bench();
    const add = (name: string, reach: Reach) =>
      repository.add(
        aNewWorker(`w-${name}`, { createdAt, name, tags: { team: 'net' } }),
        within(command(), reach),
      );
    const taken = {
      code: 'already-exists',
      message: 'The name "worker-voice" belongs to another worker already.',
    };
    await expect(add('worker-voice', NET)).rejects.toMatchObject({ ...taken, workerId: null, data: {} });
    await expect(add('worker-voice', REGION)).rejects.toMatchObject({
      ...taken,
      data: { workerId: 'voice' },
    });
    const renaming = repository.update('net', within(command(), NET), rename('worker-voice', createdAt));
    await expect(renaming).rejects.toMatchObject({ ...taken, workerId: null });
  });

  it('lists the ids within reach', async () => {
    const { repository } = await bench();
    expect(await repository.getIdsWithin(NET)).toEqual(['net']);
    expect(await repository.getIdsWithin(REGION)).toEqual(['net', 'voice']);
    expect(await repository.getIdsWithin([])).toEqual([]);
  });
});
