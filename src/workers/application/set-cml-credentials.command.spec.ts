import { PreconditionFailed, StoreUnavailable } from '../../kernel/domain-error';
import { SequentialIds } from '../../kernel/ids';
import { Secret } from '../../kernel/secret';
import { memoryVaults } from '../../secrets/testing/memory-vaults';
import { InvalidTransition, WorkerNotFound } from '../domain/worker-errors';
import { aNewWorker, commandsOf, memoryWorkers } from '../testing/memory-workers';
import { SetCmlCredentials, SetCmlCredentialsHandler } from './set-cml-credentials.command';

const ID = 'w-1';

async function bench() {
  const workers = memoryWorkers();
  const vault = memoryVaults(new SequentialIds())('k1');
  const handler = new SetCmlCredentialsHandler(workers.repository, vault, workers.clock);
  const command = commandsOf();
  await workers.repository.add(aNewWorker(ID, { createdAt: workers.clock.now() }), command());
  const put = jest.spyOn(vault, 'put');
  const set = (
    given: [username: string, password: string] | null,
    { context = command(), version = null as number | null } = {},
  ) => {
    const credentials = given && { username: given[0], password: new Secret(given[1]) };
    return handler.execute(new SetCmlCredentials(ID, credentials, context, version));
  };
  return {
    ...{ ...workers, vault, handler, command, set },
    /** Which of all passwords that were ever put are still there, in the order of their putting. */
    kept: async () => {
      const refs = await Promise.all(put.mock.results.map((it) => it.value as Promise<{ ref: string }>));
      const secrets = await Promise.all(refs.map(({ ref }) => vault.reveal(ref)));
      return secrets.map((secret) => secret?.reveal() ?? null);
    },
  };
}

describe("the account of a worker's CML server", () => {
  it('names the user and where the password is, and counts as a change by people', async () => {
    const { set, vault, events } = await bench();
    const state = await set(['lab', 'one']);
    expect(state).toMatchObject({ revision: 2, cmlCredentials: { username: 'lab' } });
    expect((await vault.reveal(state.cmlCredentials?.passwordRef ?? ''))?.reveal()).toBe('one');
    expect(events.at(-1)?.type).toBe('worker.cml-credentials-updated');
    expect(JSON.stringify(events)).not.toContain('"one"');
  });

  it('removes the password that was replaced, and that of an account that is taken away', async () => {
    const { set, kept } = await bench();
    await set(['lab', 'one']);
    await set(['lab', 'two']);
    expect(await kept()).toEqual([null, 'two']);
    expect(await set(null)).toMatchObject({ cmlCredentials: null, revision: 4 });
    expect(await kept()).toEqual([null, null]);
    expect(await set(null)).toMatchObject({ revision: 4 });
  });

  it('changes nothing by the same account, whatever key it was encrypted with', async () => {
    const { set, kept } = await bench();
    const first = await set(['lab', 'one']);
    expect(await set(['lab', 'one'])).toEqual(first);
    expect(await kept()).toEqual(['one']);
    expect(await set(['other', 'one'])).toMatchObject({ revision: 3 });
    expect(await kept()).toEqual([null, 'one']);
  });

  it('tries the same account anew where the server refuses it', async () => {
    const { set, kept, repository, command, clock } = await bench();
    const first = await set(['lab', 'one']);
    await repository.update(ID, command(), (worker) => {
      worker.updateStatus('RUNNING', clock.now());
      const finding = { code: 'credentials', message: 'CML refuses them.' };
      worker.updateServiceStatus('ERROR', null, clock.now(), finding);
    });
    const again = await set(['lab', 'one']);
    expect(again.revision).toBe(first.revision + 1);
    expect(again.cmlCredentials?.passwordRef).not.toBe(first.cmlCredentials?.passwordRef);
    expect(await kept()).toEqual([null, 'one']);
    expect(await set(['lab', 'one'])).toEqual(again);
  });

  it('leaves no password behind of what is refused', async () => {
    const { set, kept, repository, command, clock } = await bench();
    await expect(set(['lab', 'one'], { version: 7 })).rejects.toThrow(PreconditionFailed);
    await repository.update(ID, command(), (worker) => worker.terminate(null, clock.now()));
    await expect(set(['lab', 'one'])).rejects.toThrow(InvalidTransition);
    expect(await kept()).toEqual([null, null]);
  });

  it('puts no password for a worker that is not there', async () => {
    const { handler, kept, command } = await bench();
    const given = { username: 'lab', password: new Secret('one') };
    const set = handler.execute(new SetCmlCredentials('nobody', given, command()));
    await expect(set).rejects.toThrow(WorkerNotFound);
    expect(await kept()).toEqual([]);
  });

  it('keeps the password of the first try of a command that is sent again', async () => {
    const { set, kept, command, store } = await bench();
    const context = command();
    const append = store.append.bind(store);
    jest.spyOn(store, 'append').mockImplementationOnce(async (request) => {
      await append(request);
      throw new StoreUnavailable('no answer');
    });
    await expect(set(['lab', 'one'], { context })).rejects.toThrow(StoreUnavailable);
    expect(await kept()).toEqual(['one']);
    const again = await set(['lab', 'one'], { context });
    expect(again).toMatchObject({ revision: 2, cmlCredentials: { username: 'lab' } });
    expect(await kept()).toEqual(['one']);
  });

  it('is stored once by a command that is carried out twice at once', async () => {
    const { set, kept, command } = await bench();
    const context = command();
    const both = await Promise.all([set(['lab', 'one'], { context }), set(['lab', 'one'], { context })]);
    expect(both.map(({ revision }) => revision)).toEqual([2, 2]);
    expect((await kept()).filter((it) => it !== null)).toEqual(['one']);
  });

  it('is one of those that were given at once, and the vault has no other', async () => {
    const { set, kept } = await bench();
    await Promise.all(['a', 'b', 'c', 'd'].map((password) => set(['lab', password])));
    expect((await kept()).filter((it) => it !== null)).toHaveLength(1);
  });
});
