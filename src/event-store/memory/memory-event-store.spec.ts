import { eventLogContract } from '../contracts/event-log.contract';
import { eventStoreContract } from '../contracts/event-store.contract';
import { type Commit } from '../ports';
import { aRequest } from '../testing/books';
import { benchParts, type EventStoreBench } from '../testing/event-store-bench';
import { MemoryEventStore } from './memory-event-store';

function open(): Promise<EventStoreBench> {
  const { clock, seal, maker, signal } = benchParts();
  const store = new MemoryEventStore(maker, signal);
  return Promise.resolve({
    store,
    clock,
    seal,
    another: () => Promise.resolve(store),
    tamper: (commitId: string, actor: string) => {
      const [stream] = commitId.split(':');
      const commits = (store as unknown as { streams: Map<string, Commit[]> }).streams;
      const changed = commits
        .get(stream ?? '')
        ?.map((commit) => (commit.id === commitId ? { ...commit, meta: { ...commit.meta, actor } } : commit));
      commits.set(stream ?? '', changed ?? []);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
}

eventStoreContract('memory', open);
eventLogContract('memory', open);

it('hands out copies: who changes what it got changes nothing here', async () => {
  const { store } = await open();
  const commit = await store.append(aRequest());
  (commit.events[0]?.data as { to: string }).to = 'elsewhere';
  expect((await store.load('book-b1'))[0]?.events[0]?.data).toEqual({ to: 'B' });
});
