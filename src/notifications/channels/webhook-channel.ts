import { type MachineClock } from '../../kernel/clocks';
import { type Secret } from '../../kernel/secret';
import { type OutgoingNotice } from '../domain/ports';
import { HttpChannel, type NoticePoster } from './http-channel';

export interface NoticeSigner {
  headers(
    message: { readonly id: string; readonly body: string; readonly at: Date },
    secrets: readonly Secret[],
  ): Readonly<Record<string, string>>;
}

export interface WebhookChannelParts {
  readonly url: Secret;
  /** `whsec_…` */
  readonly secret: Secret;
  readonly poster: NoticePoster;
  readonly signer: NoticeSigner;
  readonly clock: MachineClock;
}

/** Notices to a program, signed as Standard Webhooks says; `webhook-id` is the notice's id. */
export class WebhookChannel extends HttpChannel {
  readonly name = 'webhook';

  constructor(private readonly parts: WebhookChannelParts) {
    super(parts.url, parts.poster);
  }

  protected bodyOf({ topic, toldAt, installation, ...notice }: OutgoingNotice): object {
    const { workerId, workerName, decisionId, sentence, deadline, stageMinutes, cause, urls } = notice;
    const what = { noticeId: notice.noticeId, workerId, workerName, decisionId, sentence };
    return {
      type: `notice.${topic}`,
      timestamp: toldAt,
      data: { ...what, deadline, stageMinutes, cause, links: urls, installation },
    };
  }

  protected headersOf({ noticeId: id }: OutgoingNotice, body: string): Readonly<Record<string, string>> {
    const { signer, secret, clock } = this.parts;
    return signer.headers({ id, body, at: clock.now() }, [secret]);
  }
}
