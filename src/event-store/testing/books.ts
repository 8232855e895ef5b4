import { systemContext } from '../../kernel/command-context';
import { AggregateRoot } from '../../kernel/aggregate-root';
import { type DomainEvent, eventOf } from '../../kernel/domain-event';
import { type AggregateDefinition } from '../aggregate-definition';
import { EMPTY } from '../commit-chain';
import { type AppendRequest } from '../ports';

/** A small domain for the specs of the store: books that stand on shelves. */

export const START = new Date('2026-01-05T08:00:00.000Z');

export class BookPlaced extends eventOf('book.placed')<{
  shelf: string;
  at: Date;
  tags: Readonly<Record<string, string>>;
}> {}

export class BookMoved extends eventOf('book.moved')<{ to: string }> {}

export type BookEvent = BookPlaced | BookMoved;

export interface BookState {
  readonly shelf: string;
  readonly placedAt: Date | null;
  readonly moves: number;
}

export class Book extends AggregateRoot<BookState, BookEvent> {
  static placed(id: string, shelf: string, at: Date = START): Book {
    const book = new Book(id, { shelf: '', placedAt: null, moves: 0 }, 0);
    book.record(new BookPlaced(id, { shelf, at, tags: {} }));
    return book;
  }

  static restore(
    id: string,
    events: readonly DomainEvent[],
    from: { state: BookState; version: number } | null,
  ): Book {
    const { state, version } = from ?? { state: { shelf: '', placedAt: null, moves: 0 }, version: 0 };
    return new Book(id, (events as BookEvent[]).reduce(evolve, state), version + events.length);
  }

  moveTo(shelf: string): void {
    if (shelf !== this.state.shelf) this.record(new BookMoved(this.id, { to: shelf }));
  }

  protected evolve(state: BookState, event: BookEvent): BookState {
    return evolve(state, event);
  }
}

function evolve(state: BookState, event: BookEvent): BookState {
  switch (event.type) {
    case 'book.placed':
      return { ...state, shelf: event.data.shelf, placedAt: event.data.at };
    case 'book.moved':
      return { ...state, shelf: event.data.to, moves: state.moves + 1 };
  }
}

export const BOOKS: AggregateDefinition<Book, BookState> = {
  streamPrefix: 'book',
  snapshotSchema: 1,
  restore: (id, events, from) => Book.restore(id, events, from),
  revive: (stored) => stored as unknown as BookState,
  missing: (id) => new Error(`no book ${id}`),
};

export function aContext(commandId = 'command-1') {
  return {
    ...systemContext('test', commandId, { reason: 'tidying', correlationId: 'c-1' }),
    actor: 'user:ann',
  };
}

/** One moved book at the head of an empty stream, but for what is stated. */
export function aRequest({
  stream = 'book-b1',
  head = EMPTY,
  events = [new BookMoved('b1', { to: 'B' })],
  commandId = 'command-1',
}: Partial<Omit<AppendRequest, 'context'>> & { commandId?: string } = {}): AppendRequest {
  return { stream, head, events, context: aContext(commandId) };
}
