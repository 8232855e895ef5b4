import { type CommandContext } from '../../kernel/command-context';
import { type NoticeBook } from './notice-book';
import { type ChannelName, type NewPosting, type NoticeContent, type Posting } from './posting';

/** What a try led to. */
export type PostingOutcome =
  /** fleet time */
  | { readonly state: 'delivered'; readonly at: Date }
  | { readonly state: 'failed'; readonly error: string }
  /** `pauseMs` are machine milliseconds */
  | { readonly state: 'pending'; readonly error: string; readonly pauseMs: number };

/** That a process may send a posting for a while. */
export type PostingClaim = Pick<Posting, 'id' | 'owner' | 'fence'>;

/** Postings of 30 days. Who may send one is decided by the store's clock. All methods throw StoreUnavailable. */
export abstract class Outbox {
  /** Stores those that are not there yet, due at once; but of the channel `log`: delivered, of `none`: failed. The
   * others stay as they are. */
  abstract add(postings: readonly NewPosting[]): Promise<void>;

  /** All of one notice. */
  abstract ofNotice(noticeId: string): Promise<Posting[]>;

  /** Those of announced stops of these workers that were neither moved nor called off. */
  abstract standing(workerIds: readonly string[]): Promise<Posting[]>;

  /** Those of the worker's announcements that these ended, which are notices of later deadlines or decisions. */
  abstract endedBy(workerId: string, by: readonly string[]): Promise<Posting[]>;

  /**
   * Ends the worker's announcements, but those with the deadline that is to be kept. What waits is superseded; what is
   * being sent this moment may still turn out to be delivered.
   */
  abstract end(workerId: string, endedBy: string, keep: Date | null): Promise<void>;

  /**
   * The one of these channels that is due for longest, now this owner's; null when none is. The owner's name must be
   * another one for each claim.
   * @param expiredAt fleet time: only what has expired by then
   */
  abstract claimDue(
    channels: readonly ChannelName[],
    owner: string,
    lengthMs: number,
    expiredAt?: Date,
  ): Promise<Posting | null>;

  /** Notes a try and what it led to. Under the claim's fence; false when it was lost, or superseded, meanwhile. */
  abstract record(claim: Posting, outcome: PostingOutcome): Promise<boolean>;

  /** Lets others have it at once. Under the claim's fence. */
  abstract release(claim: PostingClaim): Promise<boolean>;
}

/** By which links people act from a notice. Each is good for one thing. */
export interface NoticeUrls {
  readonly keepOneHour: string;
  readonly keepUntil: string;
  readonly stopNow: string;
}

/** What a channel brings to people. */
export interface OutgoingNotice extends NoticeContent {
  readonly recipient: string | null;
  /** null where there is nothing to be done, or nobody knows under which address we are reached */
  readonly urls: NoticeUrls | null;
  /** who we are to the outside */
  readonly installation: string;
}

export interface SendResult {
  /** why it did not arrive, in our own words; null: it did */
  readonly error: string | null;
  /** machine milliseconds that the receiver asked to wait; null: it did not */
  readonly retryAfterMs: number | null;
}

/** A way to people. */
export abstract class NoticeChannel {
  abstract readonly name: ChannelName;

  /** Ends within half a minute. Throws nothing but the signal's reason, when it is aborted. */
  abstract send(notice: OutgoingNotice, signal: AbortSignal): Promise<SendResult>;

  abstract close(): Promise<void>;
}

/** Makes the links of a notice. */
export abstract class NoticeLinker {
  /** Null where no address of ours is known. @throws StoreUnavailable */
  abstract urlsOf(notice: NoticeContent): Promise<NoticeUrls | null>;
}

/** The history of what was told about each worker. */
export abstract class NoticeBooks {
  /** Lets `decide` write into the book, which is opened where there is none. @throws VersionConflict, StoreUnavailable */
  abstract write(id: string, context: CommandContext, decide: (book: NoticeBook) => void): Promise<void>;
}
