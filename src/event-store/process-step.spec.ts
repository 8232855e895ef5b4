import { EventRegistry } from './event-decoder';
import { processStep } from './process-step';
import { AggregateStore } from './aggregate-store';
import { MemorySnapshotStore } from './memory/memory-snapshot-store';
import { aContext, Book, BookMoved, BookPlaced, BOOKS } from './testing/books';
import { memoryStore } from './testing/memory-store';

/** Whoever places a book in the hall has it moved to a room. */
it('a step does once what follows from an event, however often it gets it', async () => {
  const { store, seal } = memoryStore();
  const decoder = new EventRegistry();
  decoder.register([BookPlaced, BookMoved]);
  const books = new AggregateStore(
    {
      ...{ store, seal, decoder, snapshots: new MemorySnapshotStore(), random: () => 0 },
      report: (error: unknown) => {
        throw error;
      },
      pause: () => Promise.resolve(),
    },
    BOOKS,
  );
  const step = processStep(
    {
      ...{ name: 'empty-the-hall', kind: 'book', startAfter: 0 },
      on: async (event, context) => {
        if (!(event instanceof BookPlaced) || event.data.shelf !== 'hall') return;
        await books.change(event.aggregateId, context, (book) => book.moveTo('room'));
      },
    },
    decoder,
  );
  expect([step.name, step.kind]).toEqual(['process:empty-the-hall', 'book']);

  await books.create(Book.placed('b1', 'hall'), aContext('c1'));
  await store.sequence();
  const [placed] = await store.readLog(0, 1);
  if (!placed) throw new Error('nothing was placed');
  await step.handle(placed);
  await books.change('b1', aContext('c2'), (book) => book.moveTo('hall'));
  await step.handle(placed);

  const [, moved, ...others] = await store.load('book-b1');
  expect(moved?.meta).toEqual({
    actor: 'system:empty-the-hall',
    reason: null,
    correlationId: 'c-1',
    causationId: placed.commit.events[0]?.id,
  });
  expect(others.map(({ commitId }) => commitId)).toEqual(['c2']);
});
