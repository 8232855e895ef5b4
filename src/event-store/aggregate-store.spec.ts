import { VersionConflict } from '../kernel/domain-error';
import { type Commit } from './ports';
import { StreamConflict } from './store-errors';
import { aContext, Book, BookPlaced, START } from './testing/books';
import { aShelf } from './testing/shelf';

describe('AggregateStore', () => {
  it('creates, loads and changes an aggregate', async () => {
    const { books } = aShelf();
    expect(await books.load('b1')).toBeNull();
    const created = await books.create(Book.placed('b1', 'A'), aContext('c1'));
    expect(created.aggregate.version).toBe(1);
    const changed = await books.change('b1', aContext('c2'), (book) => book.moveTo('B'));
    expect(changed.aggregate.state).toEqual({ shelf: 'B', placedAt: START, moves: 1 });
    expect(changed.aggregate.uncommitted).toEqual([]);
    expect(changed.head.version).toBe(2);
    expect(await books.load('b1')).toEqual(changed);
  });

  it('stores nothing when nothing was decided', async () => {
    const { books, store } = aShelf();
    const { aggregate, head } = await books.create(Book.placed('b1', 'A'), aContext('c1'));
    expect((await books.change('b1', aContext('c2'), (book) => book.moveTo('A'))).head).toEqual(head);
    expect(await books.save(aggregate, head, aContext('c3'))).toBeNull();
    expect(await store.load('book-b1')).toHaveLength(1);
  });

  it('runs a command once, and answers its repetition with what the aggregate has become', async () => {
    const { books } = aShelf();
    await books.create(Book.placed('b1', 'A'), aContext('c1'));
    await books.change('b1', aContext('c2'), (book) => book.moveTo('B'));
    await books.change('b1', aContext('c3'), (book) => book.moveTo('C'));
    const decide = jest.fn();
    const repeated = await books.change('b1', aContext('c2'), decide);
    expect(decide).not.toHaveBeenCalled();
    expect(repeated.aggregate.state.shelf).toBe('C');
    expect((await books.create(Book.placed('b1', 'Z'), aContext('c1'))).aggregate.state.shelf).toBe('C');
  });

  it('answers one decision to a command that runs twice at once', async () => {
    const { books, hooked } = aShelf();
    const both = await Promise.all(
      ['A', 'B'].map((shelf) => books.create(Book.placed('b1', shelf), aContext('c1'))),
    );
    expect(both.map(({ aggregate }) => aggregate.state.shelf)).toEqual(['A', 'A']);
    expect(hooked).toHaveLength(1);
  });

  it('says that an aggregate is there already, or is not there', async () => {
    const { books } = aShelf();
    await books.create(Book.placed('b1', 'A'), aContext('c1'));
    await expect(books.create(Book.placed('b1', 'B'), aContext('c2'))).rejects.toThrow(VersionConflict);
    await expect(books.change('b2', aContext('c3'), () => undefined)).rejects.toThrow('no book b2');
  });

  it('decides again on what another commit left, after a pause', async () => {
    const { books, withDefinition, pauses } = aShelf();
    const elsewhere = withDefinition();
    await books.create(Book.placed('b1', 'A'), aContext('c1'));
    const found: string[] = [];
    await books.change('b1', aContext('c2'), async (book) => {
      found.push(book.state.shelf);
      if (found.length === 1) await elsewhere.change('b1', aContext('c3'), (other) => other.moveTo('B'));
      book.moveTo('C');
    });
    expect(found).toEqual(['A', 'B']);
    expect(pauses).toEqual([15]);
    expect((await books.load('b1'))?.aggregate.state).toMatchObject({ shelf: 'C', moves: 2 });
  });

  it('lets the commands of its process wait for each other, however many they are', async () => {
    const { books, pauses } = aShelf();
    await books.create(Book.placed('b1', 'A'), aContext('c0'));
    const moves = Array.from({ length: 50 }, (_, n) => n + 1);
    await Promise.all(
      moves.map((n) => books.change('b1', aContext(`c${n}`), (book) => book.moveTo(`S${n}`))),
    );
    expect((await books.load('b1'))?.aggregate.state).toMatchObject({ shelf: 'S50', moves: 50 });
    expect(pauses).toEqual([]);
  });

  it('gives up when others are faster six times', async () => {
    const { books, withDefinition, pauses } = aShelf();
    const elsewhere = withDefinition();
    await books.create(Book.placed('b1', 'A'), aContext('c1'));
    let round = 0;
    const beaten = books.change('b1', aContext('c2'), async (book) => {
      round += 1;
      await elsewhere.change('b1', aContext(`faster-${round}`), (other) => other.moveTo(`S${round}`));
      book.moveTo('C');
    });
    await expect(beaten).rejects.toThrow(VersionConflict);
    expect(pauses).toEqual([15, 30, 60, 120, 240]);
    await expect(beaten).rejects.toMatchObject({ cause: expect.any(StreamConflict) as unknown });
  });

  it('shows an aggregate as it was at a time', async () => {
    const { books, clock } = aShelf();
    await books.create(Book.placed('b1', 'A'), aContext('c1'));
    clock.advance(60_000);
    await books.change('b1', aContext('c2'), (book) => book.moveTo('B'));
    expect((await books.loadAt('b1', START))?.aggregate.state.shelf).toBe('A');
    expect((await books.loadAt('b1', clock.now()))?.aggregate.state.shelf).toBe('B');
    expect(await books.loadAt('b1', new Date(START.getTime() - 1))).toBeNull();
  });

  describe('what the process knows of a stream', () => {
    async function aKnownBook() {
      const shelf = aShelf();
      await shelf.books.create(Book.placed('b1', 'A'), aContext('c1'));
      await shelf.books.change('b1', aContext('c2'), (book) => book.moveTo('B'));
      await shelf.books.load('b1');
      return { ...shelf, read: jest.spyOn(shelf.store, 'load') };
    }

    it('is read again from its newest commit only', async () => {
      const { books, snapshots, read } = await aKnownBook();
      const find = jest.spyOn(snapshots, 'find');
      const loaded = await books.load('b1');
      expect(loaded?.aggregate.state).toEqual({ shelf: 'B', placedAt: START, moves: 1 });
      expect(loaded?.head.version).toBe(2);
      expect(read.mock.calls).toEqual([['book-b1', { afterVersion: 1 }]]);
      expect(find).not.toHaveBeenCalled();
    });

    it('takes in what another process wrote', async () => {
      const { books, withDefinition } = await aKnownBook();
      await withDefinition().change('b1', aContext('c3'), (book) => book.moveTo('C'));
      expect((await books.load('b1'))?.aggregate.state).toMatchObject({ shelf: 'C', moves: 2 });
    });

    it('holds nothing that was decided and not stored', async () => {
      const { books } = await aKnownBook();
      const loaded = await books.load('b1');
      loaded?.aggregate.moveTo('C');
      expect((await books.load('b1'))?.aggregate.state.shelf).toBe('B');
    });

    it.each([
      ['is gone', []],
      ['is another', [{ hash: 'k1:another' } as Commit]],
    ])('is given up when its newest commit %s', async (_what, found) => {
      const { books, store, read } = await aKnownBook();
      const anew = jest.spyOn(store, 'loadNewest');
      read.mockResolvedValueOnce(found);
      expect((await books.load('b1'))?.aggregate.version).toBe(2);
      expect(read.mock.calls.map(([, options]) => options)).toEqual([{ afterVersion: 1 }]);
      expect(anew).toHaveBeenCalledTimes(1);
    });

    it('does not hide what a repeated command did while it was read', async () => {
      const { books, store, read } = await aKnownBook();
      const before = await store.load('book-b1', { afterVersion: 1 });
      await books.change('b1', aContext('c3'), (book) => book.moveTo('C'));
      read.mockResolvedValueOnce(before);
      const repeated = await books.change('b1', aContext('c3'), (book) => book.moveTo('Z'));
      expect(repeated.aggregate.state.shelf).toBe('C');
    });
  });

  describe('hooks', () => {
    it('get the commit, its recorded events and the aggregate as of it', async () => {
      const { books, hooked } = aShelf();
      const { aggregate } = await books.create(Book.placed('b1', 'A'), aContext('c1'));
      const [[commit, events, seen] = []] = hooked;
      expect(commit).toMatchObject({ id: 'book-b1:0000000001', commitId: 'c1' });
      expect(events?.[0]).toBeInstanceOf(BookPlaced);
      expect(events?.[0]?.record).toMatchObject({ id: commit?.events[0]?.id, version: 1, actor: 'user:ann' });
      expect(seen).toEqual(aggregate);
    });

    it('may fail without the command and without each other', async () => {
      const { withDefinition, reported, hooked } = aShelf();
      const broken = () => Promise.reject(new Error('no list'));
      const books = withDefinition({}, [broken, (...call) => void hooked.push(call)]);
      await books.create(Book.placed('b1', 'A'), aContext('c1'));
      expect(reported).toEqual(['follow up book-b1:0000000001: no list']);
      expect(hooked).toHaveLength(1);
    });
  });
});
