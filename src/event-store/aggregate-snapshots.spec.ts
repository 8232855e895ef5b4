import { type Snapshot, type SnapshotStore } from './ports';
import { aContext, Book, START } from './testing/books';
import { aShelf } from './testing/shelf';

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

describe('snapshots of aggregates', () => {
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
