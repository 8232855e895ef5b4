import { StoreUnavailable, VersionConflict } from '../../../kernel/domain-error';
import { type AggregateStore } from '../../aggregate-store';
import { streamOf } from '../../stream-name';
import { aContext, Book, type BookState } from '../books';

export interface Command {
  readonly id: string;
  readonly book: string;
  /** a book is placed first, by whichever command of that kind comes first, and moved so many times at once then */
  readonly moves: number;
}

type Outcome = 'open' | 'acknowledged' | 'refused';

/** Somebody who repeats each command until it is acknowledged, by way of any process, and also of two at once. */
export class Client {
  private readonly outcomes = new Map<Command, Outcome>();

  constructor(
    readonly commands: readonly Command[],
    private readonly unexpected: (error: unknown, during: string) => void,
  ) {}

  get open(): Command[] {
    return this.commands.filter((command) => this.outcomeOf(command) === 'open');
  }

  /** Those that the commands are about. */
  get streams(): string[] {
    return [...new Set(this.commands.map(({ book }) => streamOf('book', book)))];
  }

  outcomeOf(command: Command): Outcome {
    return this.outcomes.get(command) ?? 'open';
  }

  /** Resolves with what the process answered; never, if it dies. */
  async send(command: Command, books: AggregateStore<Book, BookState>): Promise<void> {
    try {
      await (command.moves === 0 ? this.place(command, books) : this.move(command, books));
      this.outcomes.set(command, 'acknowledged');
    } catch (error) {
      if (error instanceof VersionConflict && command.moves === 0) this.outcomes.set(command, 'refused');
      else if (!isTransient(error)) this.unexpected(error, `obey ${command.id}`);
    }
  }

  private place({ id, book }: Command, books: AggregateStore<Book, BookState>) {
    return books.create(Book.placed(book, id), aContext(id));
  }

  private move({ id, book, moves }: Command, books: AggregateStore<Book, BookState>) {
    return books.change(book, aContext(id), (found) => {
      for (let move = 1; move <= moves; move += 1) found.moveTo(`${id}.${move} at ${found.version}`);
    });
  }
}

/** To be tried again: nothing answered, others were faster, or the book is not there yet. */
function isTransient(error: unknown): boolean {
  if (error instanceof StoreUnavailable || error instanceof VersionConflict) return true;
  return error instanceof Error && error.message.startsWith('no book');
}
