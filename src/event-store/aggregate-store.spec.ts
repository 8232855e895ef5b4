import { VersionConflict } from '../kernel/domain-error';
import { type DomainEvent } from '../kernel/domain-event';
import { type AggregateDefinition, type CommitHook } from './aggregate-definition';
import { AggregateStore } from './aggregate-store';
import { EventRegistry } from './event-decoder';
import { MemorySnapshotStore } from './memory/memory-snapshot-store';
import { type Commit, type Snapshot, type SnapshotStore } from './ports';
import { StreamConflict } from './store-errors';
import { aContext, Book, BookMoved, BookPlaced, BOOKS, type BookState, START } from './testing/books';
import { memoryStore } from './testing/memory-store';

function aShelf() {
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

/** The snapshot of the only book. */
async function stored(snapshots: SnapshotStore): Promise<Snapshot> {
  const snapshot = await snapshots.find('book-b1');
  if (!snapshot) throw new Error('there is no snapshot');
  return snapshot;
}

/** As somebody would who can write to the database. */
function put(snapshots: SnapshotStore, snapshot: Snapshot): void {
  jest.spyOn(snapshots, 'find').mockResolvedValue(snapshot);
}

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
    const { books, pauses } = aShelf();
    await books.create(Book.placed('b1', 'A'), aContext('c1'));
    const found: string[] = [];
    await books.change('b1', aContext('c2'), async (book) => {
      found.push(book.state.shelf);
      if (found.length === 1) await books.change('b1', aContext('c3'), (other) => other.moveTo('B'));
      book.moveTo('C');
    });
    expect(found).toEqual(['A', 'B']);
    expect(pauses).toEqual([15]);
    expect((await books.load('b1'))?.aggregate.state).toMatchObject({ shelf: 'C', moves: 2 });
  });

  it('gives up when others are faster six times', async () => {
    const { books, pauses } = aShelf();
    await books.create(Book.placed('b1', 'A'), aContext('c1'));
    let round = 0;
    const beaten = books.change('b1', aContext('c2'), async (book) => {
      round += 1;
      await books.change('b1', aContext(`faster-${round}`), (other) => other.moveTo(`S${round}`));
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

  describe('snapshots', () => {
    /** Version 20 is at shelf S19; the twentieth commit brought the snapshot. */
    async function atVersion20(shelf = aShelf()) {
      await shelf.books.create(Book.placed('b1', 'A'), aContext('c1'));
      for (let move = 1; move < 20; move += 1) {
        await shelf.books.change('b1', aContext(`m${move}`), (book) => book.moveTo(`S${move}`));
      }
      return shelf;
    }

    it('are taken every twenty versions, and spare the first load what was before', async () => {
      const { books, withDefinition, snapshots } = await atVersion20();
      expect(await snapshots.find('book-b1')).toMatchObject({
        version: 20,
        state: { shelf: 'S19', moves: 19 },
      });
      await books.change('b1', aContext('next'), (book) => book.moveTo('Z'));

      const restored: number[] = [];
      const watched = withDefinition({
        restore: (id, events, from) => {
          restored.push(events.length);
          return Book.restore(id, events, from);
        },
      });
      const loaded = await watched.load('b1');
      expect(restored).toEqual([1]);
      expect(loaded?.aggregate.state).toEqual({ shelf: 'Z', placedAt: START, moves: 20 });
      expect(loaded?.aggregate.version).toBe(21);
    });

    it('may lie further back than is read beside them, where one could not be saved', async () => {
      const { books, withDefinition, snapshots } = await atVersion20();
      jest.spyOn(snapshots, 'save').mockRejectedValue(new Error('no space'));
      for (let move = 1; move <= 25; move += 1)
        await books.change('b1', aContext(`later${move}`), (book) => book.moveTo(`T${move}`));
      const { version, state } = (await withDefinition().load('b1'))?.aggregate ?? {};
      expect([version, state?.shelf, state?.moves]).toEqual([45, 'T25', 44]);
    });

    it('carry the head that the next append continues', async () => {
      const { withDefinition, store } = await atVersion20();
      const loaded = await withDefinition().load('b1');
      expect(loaded?.head.hash).toBe((await store.load('book-b1'))[19]?.hash);
    });

    it('of another shape are left alone', async () => {
      const { withDefinition } = await atVersion20();
      const revive = jest.fn();
      const loaded = await withDefinition({ snapshotSchema: 2, revive }).load('b1');
      expect(revive).not.toHaveBeenCalled();
      expect(loaded?.aggregate.state.moves).toBe(19);
    });

    it('that the stream does not continue are corruption', async () => {
      const { books, withDefinition, snapshots, seal } = await atVersion20();
      await books.change('b1', aContext('next'), (book) => book.moveTo('Z'));
      const { seal: _seal, ...snapshot } = await stored(snapshots);
      const other = { ...snapshot, hash: 'k1:other' };
      put(snapshots, { ...other, seal: seal.sealSnapshot(other) });
      await expect(withDefinition().load('b1')).rejects.toThrow('does not continue');
    });

    it.each([
      ['its state', { state: { shelf: 'Mallory', placedAt: START, moves: 19 } }],
      ['its version', { version: 21 }],
      ['no seal', { seal: undefined as unknown as string }],
      ['the seal of a commit', { seal: 'k1:tnSyLAICHPbXy_05knlAw5WYdhJ9OduumBBwm1sZb-Q' }],
    ])('changed behind the back of the store (%s) are reported and not believed', async (_what, change) => {
      const { withDefinition, snapshots, reported } = await atVersion20();
      put(snapshots, { ...(await stored(snapshots)), ...change });
      const loaded = await withDefinition().load('b1');
      expect(loaded?.aggregate.state).toEqual({ shelf: 'S19', placedAt: START, moves: 19 });
      expect(loaded?.aggregate.version).toBe(20);
      expect(reported).toEqual([
        'use the snapshot of book-b1, which is read from its first event instead: ' +
          'it was changed, or sealed with a key that the ring does not hold',
      ]);
    });

    it('may fail without the command', async () => {
      const shelf = aShelf();
      jest.spyOn(shelf.snapshots, 'save').mockRejectedValue(new Error('no room'));
      await atVersion20(shelf);
      expect(shelf.reported).toEqual(['snapshot book-b1: no room']);
    });
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
