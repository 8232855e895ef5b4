import { type ChannelName } from '../domain/posting';
import { NoticeChannel, type OutgoingNotice, type SendResult } from '../domain/ports';

type Answer = (notice: OutgoingNotice, signal: AbortSignal) => Promise<SendResult> | SendResult;

export const TAKEN: SendResult = { error: null, retryAfterMs: null };
export const REFUSED: SendResult = { error: 'answered 500', retryAfterMs: null };

/** Sends nowhere: keeps what was to be sent, and answers as it is told. */
export class ScriptedChannel extends NoticeChannel {
  readonly sent: OutgoingNotice[] = [];
  /** how it ends; everything is taken at first */
  answer: Answer = () => TAKEN;

  constructor(readonly name: ChannelName) {
    super();
  }

  async send(notice: OutgoingNotice, signal: AbortSignal): Promise<SendResult> {
    signal.throwIfAborted();
    this.sent.push(notice);
    return this.answer(notice, signal);
  }

  /** Ids of the notices, in the order in which they were sent. */
  get ids(): readonly string[] {
    return this.sent.map(({ noticeId }) => noticeId);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
