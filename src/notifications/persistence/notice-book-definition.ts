import { type AggregateDefinition } from '../../event-store';
import { NoticeBook, type NoticeBookState } from '../domain/notice-book';
import { type NoticeEvent } from '../domain/notice-events';

/** How the book of a worker's notices is brought back from its stream `notices-<worker id>`. */
export const NOTICE_BOOK_DEFINITION: AggregateDefinition<NoticeBook, NoticeBookState> = {
  streamPrefix: 'notices',
  snapshotSchema: 1,
  restore: (id, events, from) => NoticeBook.restore(id, events as readonly NoticeEvent[], from ?? undefined),
  revive: (stored) => stored as unknown as NoticeBookState,
  missing: (id) => new Error(`nobody was ever told anything about ${id}`),
};
