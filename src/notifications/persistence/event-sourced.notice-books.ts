import { type AggregateStore } from '../../event-store';
import { type CommandContext } from '../../kernel/command-context';
import { VersionConflict } from '../../kernel/domain-error';
import { NoticeBook, type NoticeBookState } from '../domain/notice-book';
import { NoticeBooks } from '../domain/ports';

export class EventSourcedNoticeBooks extends NoticeBooks {
  constructor(private readonly books: AggregateStore<NoticeBook, NoticeBookState>) {
    super();
  }

  async write(id: string, context: CommandContext, decide: (book: NoticeBook) => void): Promise<void> {
    if (!(await this.books.load(id))) {
      const fresh = NoticeBook.open(id);
      decide(fresh);
      try {
        await this.books.create(fresh, context);
        return;
      } catch (error) {
        // somebody opened it at the same moment
        if (!(error instanceof VersionConflict)) throw error;
      }
    }
    await this.books.change(id, context, decide);
  }
}
