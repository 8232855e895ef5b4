import { ManualClock } from '../kernel/clocks';
import { eventOf } from '../kernel/domain-event';
import { CommitMaker } from './commit-maker';
import { EventRegistry } from './event-decoder';
import { HmacCommitSeal } from './hmac-commit-seal';
import { UnknownEvent } from './store-errors';
import { aRequest, BookMoved, BookPlaced, START } from './testing/books';

class BookMovedNow extends eventOf('book.moved', 3)<{ shelf: string; row: number }> {}

const maker = new CommitMaker(
  new ManualClock(START),
  new HmacCommitSeal([{ kid: 'k1', key: Buffer.alloc(32) }]),
);
const commit = maker.make(
  aRequest({
    head: { version: 4, at: null, hash: null },
    events: [new BookPlaced('b1', { shelf: 'A', at: START, tags: {} }), new BookMoved('b1', { to: 'B' })],
  }),
);

describe('EventRegistry', () => {
  it('makes events of the classes they had, each with its record', () => {
    const registry = new EventRegistry();
    registry.register([BookPlaced, BookMoved]);
    const [placed, moved] = registry.decode(commit);
    expect(placed).toBeInstanceOf(BookPlaced);
    expect(moved).toEqual(
      new BookMoved(
        'b1',
        { to: 'B' },
        {
          id: commit.events[1]?.id ?? '',
          version: 6,
          at: START,
          actor: 'user:ann',
          reason: 'tidying',
          correlationId: 'c-1',
          causationId: null,
        },
      ),
    );
  });

  it('leads an older form to the present one, step by step', () => {
    const registry = new EventRegistry();
    registry.register(
      [BookPlaced, BookMovedNow],
      [
        {
          type: 'book.moved',
          schema: 1,
          upcast: ({ type, data }) => ({ type, schema: 2, data: { shelf: data.to } }),
        },
        {
          type: 'book.moved',
          schema: 2,
          upcast: ({ type, data }) => ({ type, schema: 3, data: { ...data, row: 1 } }),
        },
      ],
    );
    const [, moved] = registry.decode(commit);
    expect(moved).toBeInstanceOf(BookMovedNow);
    expect(moved).toMatchObject({ schema: 3, data: { shelf: 'B', row: 1 } });
  });

  it('leads an event that was renamed to its present name, through older forms of both', () => {
    class BookShelved extends eventOf('book.shelved', 2)<{ shelf: string; row: number }> {}
    const registry = new EventRegistry();
    registry.register(
      [BookPlaced, BookShelved],
      [
        { type: 'book.moved', schema: 1, upcast: (event) => ({ ...event, schema: 2 }) },
        {
          type: 'book.moved',
          schema: 2,
          upcast: ({ data }) => ({ type: 'book.shelved', schema: 1, data: { shelf: data.to } }),
        },
        {
          type: 'book.shelved',
          schema: 1,
          upcast: ({ type, data }) => ({ type, schema: 2, data: { ...data, row: 0 } }),
        },
      ],
    );
    const [, shelved] = registry.decode(commit);
    expect(shelved).toBeInstanceOf(BookShelved);
    expect(shelved).toMatchObject({ data: { shelf: 'B', row: 0 }, record: { version: 6 } });
    expect(registry.forms).toEqual([
      ...['book.moved v1', 'book.moved v2', 'book.placed v1', 'book.shelved v1', 'book.shelved v2'],
    ]);
  });

  it('refuses a form that nobody knows', () => {
    const registry = new EventRegistry();
    registry.register([BookPlaced]);
    expect(() => registry.decode(commit)).toThrow(new UnknownEvent('nobody registered book.moved v1'));
  });

  it('refuses a second class for one form, but not the same one twice', () => {
    const registry = new EventRegistry();
    registry.register([BookMoved, BookMoved]);
    class Impostor extends eventOf('book.moved')<object> {}
    expect(() => registry.register([Impostor])).toThrow(new RangeError('two classes for book.moved v1'));
  });
});
