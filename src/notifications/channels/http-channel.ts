import { NoticeChannel, type OutgoingNotice, type SendResult } from '../domain/ports';
import { type Secret } from '../../kernel/secret';

/** What is posted, and how it was answered: the guarded poster of the webhooks does it. */
export interface NoticePoster {
  post(
    delivery: {
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    },
    signal: AbortSignal,
  ): Promise<SendResult>;
  close(): Promise<void>;
}

/** A channel that is an address which takes JSON by POST. */
export abstract class HttpChannel extends NoticeChannel {
  protected constructor(
    private readonly url: Secret,
    private readonly poster: NoticePoster,
  ) {
    super();
  }

  async send(notice: OutgoingNotice, signal: AbortSignal): Promise<SendResult> {
    const body = JSON.stringify(this.bodyOf(notice));
    const headers = { 'content-type': 'application/json; charset=utf-8', ...this.headersOf(notice, body) };
    const { error, retryAfterMs } = await this.poster.post({ url: this.url.reveal(), headers, body }, signal);
    return { error, retryAfterMs };
  }

  /** Of the poster: whoever made it for this channel has it closed by it. */
  close(): Promise<void> {
    return this.poster.close();
  }

  /** The same for each try of a notice, but where the key ring was changed in between. */
  protected abstract bodyOf(notice: OutgoingNotice): object;

  protected abstract headersOf(notice: OutgoingNotice, body: string): Readonly<Record<string, string>>;
}
