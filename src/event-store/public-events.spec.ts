import { eventOf } from '../kernel/domain-event';
import { EventRegistry } from './event-decoder';
import { PublicEvents } from './public-events';
import { aRequest, BookMoved } from './testing/books';
import { memoryStore } from './testing/memory-store';

class BookLocked extends eventOf('book.locked', 3)<{ code: string }> {}

describe('what the outside sees of a commit', () => {
  const reported: string[] = [];
  const registry = new EventRegistry();
  const shown = new PublicEvents(registry, { id: () => Promise.resolve('i-1') }, (_error, during) =>
    reported.push(during),
  );
  registry.register(
    [BookMoved],
    [
      {
        type: 'book.locked',
        schema: 2,
        upcast: () => {
          throw new TypeError('no such shelf');
        },
      },
    ],
  );
  const append = (...events: (BookMoved | BookLocked)[]) => memoryStore().store.append(aRequest({ events }));

  it('keeps the type, the schema and all about an event that nobody here knows, but not its data', async () => {
    const commit = await append(
      new BookMoved('b1', { to: 'A' }),
      new BookLocked('b1', { code: '1234' }),
      new BookMoved('b1', { to: 'B' }),
    );
    const events = await shown.of(commit);
    expect(events.map(({ type, version, data }) => [type, version, data])).toEqual([
      ['io.cml-fleet.book.moved.v1', 1, { to: 'A' }],
      ['io.cml-fleet.book.locked.v3', 2, null],
      ['io.cml-fleet.book.moved.v1', 3, { to: 'B' }],
    ]);
    expect(events[1]?.toJSON()).toMatchObject({
      id: commit.events[1]?.id,
      subject: 'b1',
      actor: 'user:ann',
      reason: 'tidying',
      correlationid: 'c-1',
    });
    expect(reported).toEqual([]);
  });

  it('withholds what cannot be brought to its present form, and reports it', async () => {
    class BookLockedBefore extends eventOf('book.locked', 2)<{ code: string }> {}
    const events = await shown.of(await append(new BookLockedBefore('b1', { code: '1234' })));
    expect(events.map(({ type, data }) => [type, data])).toEqual([['io.cml-fleet.book.locked.v2', null]]);
    expect(reported).toEqual(['read event 1 of book-b1']);
  });
});
