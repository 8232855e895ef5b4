import {
  AggregateDirectory,
  AggregateStores,
  DirectoryFeed,
  EventRegistry,
  LogTail,
} from '../../event-store';
import { MemoryLeases } from '../../event-store/memory/memory-leases';
import { MemorySnapshotStore } from '../../event-store/memory/memory-snapshot-store';
import { ticksOf } from '../../event-store/testing/leased-ticks';
import { memoryStore } from '../../event-store/testing/memory-store';
import { systemContext } from '../../kernel/command-context';
import { VersionConflict } from '../../kernel/domain-error';
import { LastAdminKey } from '../domain/access-errors';
import { ApiKey } from '../domain/api-key';
import { API_KEY_EVENTS } from '../domain/api-key-events';
import { API_KEY_DEFINITION } from '../persistence/api-key-definition';
import { EventSourcedApiKeyRepository } from '../persistence/event-sourced.api-key-repository';
import { ApiKeyDirectory } from './api-key-directory';
import { RevokeApiKey, RevokeApiKeyHandler } from './revoke-api-key.command';

/** Processes on one store; each learns of what others do only by the log. */
function processes() {
  const { store, clock, seal } = memoryStore();
  const leases = new MemoryLeases(clock);
  const fail = (error: unknown) => {
    throw error;
  };
  const process = (owner: string) => {
    const decoder = new EventRegistry();
    decoder.register(API_KEY_EVENTS);
    const snapshots = new MemorySnapshotStore();
    const quick = { random: () => 0, pause: () => Promise.resolve() };
    const stores = new AggregateStores({ store, seal, decoder, snapshots, report: fail, ...quick });
    const known = new AggregateDirectory(API_KEY_DEFINITION, decoder, fail);
    const keys = new EventSourcedApiKeyRepository(
      stores.open(API_KEY_DEFINITION, (_commit, _events, key) => known.put(key)),
    );
    const feed = new DirectoryFeed(store, new LogTail(store, fail), fail);
    const ticks = ticksOf(clock, { leases, owner });
    const handler = new RevokeApiKeyHandler(keys, new ApiKeyDirectory(known), feed, ticks, clock, clock);
    const revoke = (id: string) =>
      handler.execute(new RevokeApiKey(id, systemContext('test', `${owner}-revokes-${id}`)));
    return { keys, start: () => feed.fill(known), revoke };
  };
  const create = async ({ keys }: ReturnType<typeof process>, id: string, expiresAt: Date | null = null) => {
    const createdAt = clock.now();
    const given = { name: id, role: 'admin' as const, hash: id, prefix: id, createdAt, createdBy: 'test' };
    await keys.add(
      ApiKey.create(id, { ...given, expiresAt, scope: null }),
      systemContext('test', `make-${id}`),
    );
  };
  return { process, create };
}

async function twoProcessesWithTwoAdmins() {
  const { process, create } = processes();
  const [one, two] = [process('one'), process('two')];
  await create(one, 'a');
  await create(one, 'b');
  await Promise.all([one.start(), two.start()]);
  return { one, two };
}

const failures = (results: readonly PromiseSettledResult<void>[]) =>
  results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));

describe('revoking the admin key that works longest', () => {
  const oneProcess = async (expiresAt: Date | null) => {
    const { process, create } = processes();
    const one = process('one');
    await create(one, 'a');
    await create(one, 'b', expiresAt);
    await one.start();
    return one;
  };

  it('is refused while the others expire, which may go themselves', async () => {
    const one = await oneProcess(new Date('2100-01-01T00:00:00Z'));
    await expect(one.revoke('a')).rejects.toThrow(LastAdminKey);
    await one.revoke('b');
    await expect(one.revoke('a')).rejects.toThrow(LastAdminKey);
  });

  it.each(['a', 'b'])('is allowed while another one does not expire either: %s', async (id) => {
    const one = await oneProcess(null);
    await one.revoke(id);
  });
});

describe('revoking the last two admin keys', () => {
  it('leaves one, when two processes do it at the same moment', async () => {
    const { one, two } = await twoProcessesWithTwoAdmins();
    const refused = failures(await Promise.allSettled([one.revoke('a'), two.revoke('b')]));
    expect(refused).toEqual([expect.any(VersionConflict)]);
    // the remaining one is the last, for whoever is asked
    await expect(one.revoke('b')).rejects.toThrow(LastAdminKey);
    await expect(two.revoke('b')).rejects.toThrow(LastAdminKey);
  });

  it('leaves one, when the second process has not yet heard of what the first did', async () => {
    const { one, two } = await twoProcessesWithTwoAdmins();
    await one.revoke('a');
    await expect(two.revoke('b')).rejects.toThrow(LastAdminKey);
  });

  it('leaves one, when one process does it twice at the same moment', async () => {
    const { one } = await twoProcessesWithTwoAdmins();
    const refused = failures(await Promise.allSettled([one.revoke('a'), one.revoke('b')]));
    expect(refused).toEqual([expect.any(LastAdminKey)]);
  });
});
