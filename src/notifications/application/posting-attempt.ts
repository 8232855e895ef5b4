import { type Installation, type ReportError } from '../../event-store';
import { type FleetClock } from '../../kernel/clocks';
import { type CommandContext, systemContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { FLEET_BOOK, type NoticeBook } from '../domain/notice-book';
import {
  type NoticeBooks,
  type NoticeChannel,
  type NoticeLinker,
  type Outbox,
  type SendResult,
} from '../domain/ports';
import { type ChannelName, type Posting } from '../domain/posting';
import { pauseAfter } from '../domain/retry-pauses';

/** What became of a try, for whoever counts. */
export type TryOutcome = 'delivered' | 'failed' | 'given-up';

export interface PostingAttemptServices {
  readonly outbox: Outbox;
  readonly books: NoticeBooks;
  readonly channels: readonly NoticeChannel[];
  readonly linker: NoticeLinker;
  readonly installation: Pick<Installation, 'id'>;
  readonly clock: FleetClock;
  /** a number from 0 to below 1 */
  readonly random: () => number;
  readonly report: ReportError;
  readonly onTry: (channel: ChannelName, outcome: TryOutcome, posting: Posting, error: string | null) => void;
}

/** One try of a posting that this process has, and what follows from it. */
export class PostingAttempt {
  private readonly channels: ReadonlyMap<ChannelName, NoticeChannel>;

  constructor(private readonly services: PostingAttemptServices) {
    this.channels = new Map(services.channels.map((channel) => [channel.name, channel]));
  }

  /** The signal gives the posting back, untried. @throws StoreUnavailable; it is due again when its claim is over */
  async run(posting: Posting, signal: AbortSignal): Promise<void> {
    const { outbox, clock } = this.services;
    const channel = this.channels.get(posting.channel);
    if (posting.expiresAt <= clock.now()) {
      return this.giveUp(posting, channel ? expiryOf(posting) : 'the channel is not set up any more');
    }
    if (!channel) {
      await outbox.release(posting);
      return;
    }
    const result = await this.send(channel, posting, signal);
    if (!result) {
      await outbox.release(posting);
      return;
    }
    if (result.error === null) return this.delivered(posting);
    const isUrgent = posting.topic === 'stop-planned';
    const pauseMs = pauseAfter(posting.attempts + 1, isUrgent, result.retryAfterMs, this.services.random());
    await outbox.record(posting, { state: 'pending', error: result.error, pauseMs });
    this.services.onTry(posting.channel, 'failed', posting, result.error);
  }

  /** Null: the signal came first. */
  private async send(
    channel: NoticeChannel,
    posting: Posting,
    signal: AbortSignal,
  ): Promise<SendResult | null> {
    const { linker, installation } = this.services;
    const [urls, id] = await Promise.all([
      posting.topic === 'stop-planned' ? linker.urlsOf(posting) : null,
      installation.id(),
    ]);
    try {
      return await channel.send({ ...posting, urls, installation: id }, signal);
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  }

  /** The history comes first: what is marked is never looked at again. */
  private async delivered(posting: Posting): Promise<void> {
    const at = this.services.clock.now();
    await this.note(posting, 'notice-delivered', (book) => book.delivered(posting, at));
    await this.services.outbox.record(posting, { state: 'delivered', at });
    this.services.onTry(posting.channel, 'delivered', posting, null);
  }

  private async giveUp(posting: Posting, error: string): Promise<void> {
    const at = this.services.clock.now();
    await this.note(posting, 'notice-undelivered', (book) => book.undelivered(posting, error, at));
    await this.services.outbox.record(posting, { state: 'failed', error });
    this.services.onTry(posting.channel, 'given-up', posting, error);
  }

  /** A history that cannot be written must not have a notice sent again and again. */
  private async note(posting: Posting, act: string, decide: (book: NoticeBook) => void): Promise<void> {
    const { books, report } = this.services;
    try {
      await books.write(posting.workerId ?? FLEET_BOOK, contextOf(posting, act), decide);
    } catch (error) {
      report(error, `write down what became of the notice ${posting.noticeId} by ${posting.channel}`);
    }
  }
}

/** The same for each repetition. */
function contextOf({ id, decisionId }: Posting, act: string): CommandContext {
  return systemContext('notices', derivedId(act, id), { causationId: decisionId });
}

function expiryOf({ topic, lastError }: Posting): string {
  const over = topic === 'stop-planned' ? 'its deadline has passed' : 'it was tried for a day';
  return lastError === null ? over : `${over}; the last try: ${lastError}`;
}
