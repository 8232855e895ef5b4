import { eventLogContract } from '../contracts/event-log.contract';
import { eventStoreContract } from '../contracts/event-store.contract';
import { type Commit } from '../ports';
import { aRequest } from '../testing/books';
import { type EventStoreBench } from '../testing/event-store-bench';
import { memoryStore } from '../testing/memory-store';
import { type MemoryCommitTable } from './memory-commit-table';

function open(): Promise<EventStoreBench> {
  const { clock, seal, logSeal, store, commits, log } = memoryStore();
  return Promise.resolve({
    ...{ store, clock, seal, logSeal, commits, log, placing: log },
    another: () => Promise.resolve(store),
    tamper: (commitId: string, actor: string) => {
      tamper(commits, commitId, actor);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
}

function tamper(table: MemoryCommitTable, commitId: string, actor: string): void {
  const { streams } = table as unknown as { streams: Map<string, Commit[]> };
  for (const [stream, commits] of streams) {
    const changed = commits.map((commit) =>
      commit.id === commitId ? { ...commit, meta: { ...commit.meta, actor } } : commit,
    );
    streams.set(stream, changed);
  }
}

eventStoreContract('memory', open);
eventLogContract('memory', open);

it('hands out copies: who changes what it got changes nothing here', async () => {
  const { store } = await open();
  const commit = await store.append(aRequest());
  (commit.events[0]?.data as { to: string }).to = 'elsewhere';
  expect((await store.load('book-b1'))[0]?.events[0]?.data).toEqual({ to: 'B' });
});
