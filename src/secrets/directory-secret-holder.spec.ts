import { StoreUnavailable } from '../kernel/domain-error';
import { Book, type BookState } from '../event-store/testing/books';
import { DirectorySecretHolder } from './directory-secret-holder';

/** Books whose shelf is a secret's ref, in the place of what really has some. */
function bench() {
  const books: Book[] = [];
  const state = { unreadable: [] as string[], isFilled: true, isAway: false };
  const directory = {
    ...{ kind: 'book', follow: () => undefined, all: () => books },
    get unreadable() {
      return state.unreadable;
    },
  };
  const feed = {
    follows: () => state.isFilled,
    readAll: () => {
      if (state.isAway) return Promise.reject(new StoreUnavailable('away'));
      books.push(Book.placed('late', 'ref-of-the-logs-end'));
      return Promise.resolve();
    },
  };
  const refsOf = ({ shelf }: BookState) => [shelf];
  const holder = new DirectorySecretHolder<Book, BookState>('books', feed, directory, refsOf);
  return { holder, books, state };
}

describe('who holds secrets by a directory', () => {
  it('answers the refs that it has, up to the end of the log', async () => {
    const { holder, books } = bench();
    books.push(Book.placed('b1', 'ref-1'));
    expect(await holder.heldOf(['ref-0', 'ref-1', 'ref-of-the-logs-end'])).toEqual([
      'ref-1',
      'ref-of-the-logs-end',
    ]);
  });

  it.each<[string, Partial<ReturnType<typeof bench>['state']>, string]>([
    ['before it is filled', { isFilled: false }, 'books are not loaded yet'],
    ['while the log cannot be read', { isAway: true }, 'away'],
    ['while it cannot read one', { unreadable: ['b7'] }, 'cannot read books: b7'],
  ])('does not answer %s', async (_when, given, message) => {
    const { holder, state } = bench();
    Object.assign(state, given);
    await expect(holder.heldOf(['ref-1'])).rejects.toThrow(message);
  });
});
