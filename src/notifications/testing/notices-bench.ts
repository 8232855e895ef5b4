import { memoryAggregates } from '../../event-store/testing/memory-aggregates';
import { MINUTE, plus } from '../../kernel/clocks';
import { NoticeSender } from '../application/notice-sender';
import { OutboxStopNotices } from '../application/outbox-stop-notices';
import { PostingAttempt } from '../application/posting-attempt';
import { NOTICE_EVENTS } from '../domain/notice-events';
import { type NewPosting } from '../domain/posting';
import { type NoticeBooks, NoticeLinker, type NoticeUrls, type Outbox } from '../domain/ports';
import { type Alarm, type StopNotice } from '../domain/stop-notice';
import { EventSourcedNoticeBooks } from '../persistence/event-sourced.notice-books';
import { MemoryOutbox } from '../persistence/memory-outbox';
import { NOTICE_BOOK_DEFINITION } from '../persistence/notice-book-definition';
import { ScriptedChannel } from './scripted-channel';

export const START = new Date('2027-01-15T12:00:00.000Z');

/** A notice of the stop of `w-1` in an hour, but for what is stated. */
export function aNotice(given: Partial<StopNotice> = {}): StopNotice {
  return {
    ...{ workerId: 'w-1', workerName: 'lab-1', decisionId: 'd-1', deadline: plus(START, 60 * MINUTE) },
    ...{ stageMinutes: 60, cause: 'idle', sentence: 'lab-1: nobody uses it.', emails: [] },
    ...given,
  };
}

export function anAlarm(given: Partial<Alarm> = {}): Alarm {
  return {
    ...{ workerId: 'w-1', workerName: 'lab-1', decisionId: 'd-1', kind: 'unreadable', episodeId: 'e-1' },
    ...{ sentence: 'lab-1: nobody can tell.', ...given },
  };
}

/** A posting of such a notice, of the channel `webhook`. */
export function aPosting(given: Partial<NewPosting> = {}): NewPosting {
  const { emails: _emails, ...notice } = aNotice();
  return {
    ...{ ...notice, id: 'p-1', noticeId: 'n-1', topic: 'stop-planned', toldAt: START },
    ...{ channel: 'webhook', recipient: null, expiresAt: notice.deadline, ...given },
  };
}

class FixedLinker extends NoticeLinker {
  urlsOf(): Promise<NoticeUrls> {
    return Promise.resolve({ keepOneHour: '/k1', keepUntil: '/ku', stopNow: '/s' });
  }
}

export interface NoticesBenchOptions {
  /** those that are set up; each answers as its spec tells it */
  readonly channels?: readonly ScriptedChannel[];
  readonly emails?: readonly string[];
}

/** What a process does to the stores and channels that it uses. */
export type Wrap = <T extends object>(part: T) => T;

/** Everything between the face and the channels, in memory, with time in the hands of the test. */
export function noticesBench({
  channels = [new ScriptedChannel('webhook')],
  emails = [],
}: NoticesBenchOptions = {}) {
  const { store, clock, stores } = memoryAggregates(NOTICE_EVENTS, START);
  const outbox: Outbox = new MemoryOutbox(clock);
  const books: NoticeBooks = new EventSourcedNoticeBooks(stores.open(NOTICE_BOOK_DEFINITION));
  const errors: string[] = [];
  const tries: string[] = [];
  const report = (error: unknown, during: string) => void errors.push(`${during}: ${String(error)}`);
  const routing = { channels: channels.map(({ name }) => name), emails };
  /** One of several that share the stores. */
  const processOf = (owner: string, { wrap = (part) => part, graceMs }: ProcessOptions = {}) => {
    const parts = { outbox: wrap(outbox), books: wrap(books), clock };
    const attempt = new PostingAttempt({
      ...{ ...parts, channels: channels.map(wrap), report, linker: new FixedLinker() },
      installation: { id: () => Promise.resolve('i-1') },
      random: () => 0,
      onTry: (channel, outcome) => void tries.push(`${channel} ${outcome}`),
    });
    return {
      notices: new OutboxStopNotices({ ...parts, routing, nudge: () => undefined }),
      sender: new NoticeSender({
        outbox: parts.outbox,
        channels: routing.channels,
        clock,
        attempt,
        owner,
        report,
        graceMs,
      }),
    };
  };
  return {
    ...{ outbox, books, errors, tries, processOf, ...processOf('a') },
    clock,
    /** Types and data of what stands in a book, oldest first. */
    async history(id: string): Promise<(readonly [string, Record<string, unknown>])[]> {
      const commits = await store.load(`notices-${id}`);
      return commits.flatMap(({ events }) => events.map(({ type, data }) => [type, data] as const));
    },
  };
}

interface ProcessOptions {
  readonly wrap?: Wrap;
  readonly graceMs?: number;
}

export type NoticesBench = ReturnType<typeof noticesBench>;
