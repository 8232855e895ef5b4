import { AggregateDirectory } from './aggregate-directory';
import { headAfter } from './commit-chain';
import { DirectoryFeed } from './directory-feed';
import { EventRegistry } from './event-decoder';
import { LogTail } from './log-tail';
import { eventOf } from '../kernel/domain-event';
import { aRequest, Book, BookMoved, BookPlaced, BOOKS, START } from './testing/books';
import { memoryStore } from './testing/memory-store';

class Unheard extends eventOf('book.unheard')<object> {}

function aDirectory() {
  const { store } = memoryStore();
  const registry = new EventRegistry();
  registry.register([BookPlaced, BookMoved]);
  const reported: string[] = [];
  const report = (_error: unknown, during: string) => void reported.push(during);
  const directory = new AggregateDirectory(BOOKS, registry, report);
  const tail = new LogTail(store, report);
  const feed = new DirectoryFeed(store, tail, report);
  const place = (id: string, kind = 'book') =>
    store.append(
      aRequest({
        stream: `${kind}-${id}`,
        events: [new BookPlaced(id, { shelf: 'A', at: START, tags: {} })],
      }),
    );
  const shelves = () => directory.all().map(({ id, state }) => [id, state.shelf]);
  const follow = async () => {
    await store.sequence();
    await tail.refresh();
    await feed.catchUp();
  };
  return { store, directory, feed, place, shelves, follow, reported };
}

describe('AggregateDirectory', () => {
  it('is filled with everything of its kind, those commits too that nobody placed in the log', async () => {
    const { store, directory, feed, place, shelves } = aDirectory();
    const placed = await place('b1');
    await store.sequence();
    await store.append(aRequest({ head: headAfter(placed), commandId: 'move' }));
    await place('b2');
    await place('b3', 'shelf');
    await feed.fill(directory);
    expect(shelves()).toEqual([
      ['b1', 'B'],
      ['b2', 'A'],
    ]);
  });

  it('misses nothing that is committed while it is filled', async () => {
    const { store, directory, feed, place, shelves, follow } = aDirectory();
    const placed = await place('b1');
    const loadKind = store.loadKind.bind(store);
    jest.spyOn(store, 'loadKind').mockImplementationOnce(async (kind) => {
      const loaded = await loadKind(kind);
      await store.append(aRequest({ head: headAfter(placed), commandId: 'move' }));
      await follow();
      return loaded;
    });
    await feed.fill(directory);
    expect(shelves()).toEqual([['b1', 'B']]);
  });

  it('follows what any process commits', async () => {
    const { store, directory, feed, place, shelves, follow } = aDirectory();
    await feed.fill(directory);
    const changed: string[] = [];
    directory.listen(({ id, version }) => changed.push(`${id} v${version}`));
    const placed = await place('b1');
    await follow();
    await store.append(aRequest({ head: headAfter(placed), commandId: 'move' }));
    await follow();
    expect(shelves()).toEqual([['b1', 'B']]);
    expect(changed).toEqual(['b1 v1', 'b1 v2']);
  });

  it('does not fall back when the log brings what this process has put there already', async () => {
    const { directory, feed, place, shelves, follow } = aDirectory();
    await feed.fill(directory);
    await place('b1');
    const state = { shelf: 'C', placedAt: START, moves: 1 };
    directory.put(Book.restore('b1', [], { state, version: 2 }));
    await follow();
    directory.put(Book.restore('b1', [], { state: { ...state, shelf: 'A' }, version: 1 }));
    expect(shelves()).toEqual([['b1', 'C']]);
  });

  it('takes out of use what it cannot read, since an older state of it may be wrong, and goes on', async () => {
    const { store, directory, feed, place, shelves, follow, reported } = aDirectory();
    await feed.fill(directory);
    const placed = await place('b1');
    await follow();
    await store.append(
      aRequest({ head: headAfter(placed), commandId: 'x', events: [new Unheard('b1', {})] }),
    );
    await place('b2');
    await follow();
    directory.put(Book.placed('b1', 'A'));
    expect(shelves()).toEqual([['b2', 'A']]);
    expect(reported).toEqual(['read book-b1:0000000002: book-b1 is out of use until it can be read']);
  });

  it('is up to date when all was read, or says that it is not', async () => {
    const { store, directory, feed, place, shelves } = aDirectory();
    await feed.fill(directory);
    await place('b1');
    await feed.readAll();
    expect(shelves()).toEqual([['b1', 'A']]);
    await place('b2');
    jest.spyOn(store, 'readLog').mockRejectedValueOnce(new Error('away'));
    await expect(feed.readAll()).rejects.toThrow('could not follow the log to its end');
  });

  it('takes up where an error stopped it', async () => {
    const { store, directory, feed, place, shelves, follow, reported } = aDirectory();
    await feed.fill(directory);
    await place('b1');
    jest.spyOn(store, 'readLog').mockRejectedValueOnce(new Error('away'));
    await follow();
    expect([shelves(), reported]).toEqual([[], ['read the end of the log']]);
    await follow();
    expect(shelves()).toEqual([['b1', 'A']]);
  });
});
