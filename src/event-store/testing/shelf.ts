import { type DomainEvent } from '../../kernel/domain-event';
import { type AggregateDefinition, type CommitHook } from '../aggregate-definition';
import { AggregateStore } from '../aggregate-store';
import { EventRegistry } from '../event-decoder';
import { MemorySnapshotStore } from '../memory/memory-snapshot-store';
import { type Commit } from '../ports';
import { type Book, BookMoved, BookPlaced, BOOKS, type BookState } from './books';
import { memoryStore } from './memory-store';

/** Stores of books over one store in memory, and what they did beside it. Each is as of a process of its own. */
export function aShelf() {
  const { store, clock, seal } = memoryStore();
  const decoder = new EventRegistry();
  decoder.register([BookPlaced, BookMoved]);
  const snapshots = new MemorySnapshotStore();
  const [reported, pauses, hooked]: [string[], number[], [Commit, readonly DomainEvent[], Book][]] = [
    [],
    [],
    [],
  ];
  const services = {
    store,
    snapshots,
    seal,
    decoder,
    report: (error: unknown, during: string) => reported.push(`${during}: ${(error as Error).message}`),
    random: () => 0.5,
    pause: (ms: number) => Promise.resolve(void pauses.push(ms)),
  };
  const hook: CommitHook<Book> = (...call) => void hooked.push(call);
  const withDefinition = (
    definition: Partial<AggregateDefinition<Book, BookState>> = {},
    hooks: CommitHook<Book>[] = [hook],
  ) => new AggregateStore(services, { ...BOOKS, ...definition }, hooks);
  return { store, clock, seal, snapshots, books: withDefinition(), withDefinition, reported, pauses, hooked };
}
