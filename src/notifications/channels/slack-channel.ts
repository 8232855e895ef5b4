import { type Secret } from '../../kernel/secret';
import { type OutgoingNotice } from '../domain/ports';
import { HttpChannel, type NoticePoster } from './http-channel';
import { actionsOf, subjectOf } from './notice-text';

/** Notices to a room of Slack, or of what takes the same messages (Mattermost, Rocket.Chat, Discord's `/slack`). */
export class SlackChannel extends HttpChannel {
  readonly name = 'slack';

  constructor({ url, poster }: { readonly url: Secret; readonly poster: NoticePoster }) {
    super(url, poster);
  }

  /** Plain text only: blocks are Slack's own. Links are not unfolded: nobody is to open them but people. */
  protected bodyOf(notice: OutgoingNotice): object {
    const links = actionsOf(notice).map(({ label, url }) => `<${url}|${label}>`);
    const lines = [
      `*${escaped(subjectOf(notice))}*`,
      escaped(notice.sentence),
      ...(links.length > 0 ? [links.join(' · ')] : []),
    ];
    return { text: lines.join('\n'), unfurl_links: false, unfurl_media: false };
  }

  protected headersOf({ noticeId }: OutgoingNotice): Readonly<Record<string, string>> {
    return { 'webhook-id': noticeId };
  }
}

/** The three signs that Slack takes for its own (its documentation, "Formatting text"). */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
