import { createTransport } from 'nodemailer';
import { SECOND } from '../../kernel/clocks';
import { type Secret } from '../../kernel/secret';
import { NoticeChannel, type OutgoingNotice, type SendResult } from '../domain/ports';
import { mailFailureOf } from './mail-failure';
import { actionsOf, subjectOf, timeText } from './notice-text';

/** Machine milliseconds for all of it. */
export const MAIL_MS = 25 * SECOND;
/** Machine milliseconds without a word from the server. */
const SILENCE_MS = 10 * SECOND;

export interface EmailChannelOptions {
  /** `smtp://` or `smtps://`, with user name and password where the server wants them */
  readonly url: Secret;
  /** an address, or `Name <address>` */
  readonly from: string;
  /** trusted instead of the public authorities */
  readonly ca?: string;
  readonly timeoutMs?: number;
}

/** Notices by e-mail, over a connection of their own each. */
export class EmailChannel extends NoticeChannel {
  readonly name = 'email';
  /** it holds the password: no listing of this object shows it */
  readonly #transport: ReturnType<typeof transportOf>;

  constructor(private readonly options: EmailChannelOptions) {
    super();
    this.#transport = transportOf(options);
  }

  async send(notice: OutgoingNotice, signal: AbortSignal): Promise<SendResult> {
    const { from, timeoutMs = MAIL_MS } = this.options;
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      await this.#transport.sendMail({
        from,
        to: { name: '', address: notice.recipient ?? '' },
        subject: `[cml-fleet] ${subjectOf(notice)}`,
        text: textOf(notice),
        messageId: messageIdOf(notice),
        // RFC 3834: nobody is to answer it automatically
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Cml-Fleet-Notice': notice.topic },
        disableFileAccess: true,
        disableUrlAccess: true,
        signal: AbortSignal.any([signal, timeout]),
      });
      return { error: null, retryAfterMs: null };
    } catch (error) {
      signal.throwIfAborted();
      const over = `no end within ${Math.ceil(timeoutMs / SECOND)} s`;
      return { error: timeout.aborted ? over : mailFailureOf(error), retryAfterMs: null };
    }
  }

  close(): Promise<void> {
    this.#transport.close();
    return Promise.resolve();
  }
}

/** A password is sent over TLS only; a server without one is asked for it, and taken as it is where it has none. */
function transportOf({ url, ca }: EmailChannelOptions) {
  const { protocol, hostname, port, username, password } = new URL(url.reveal());
  const secure = protocol === 'smtps:';
  const auth = username
    ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) }
    : undefined;
  return createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port ? Number(port) : secure ? 465 : 587,
    secure,
    requireTLS: !secure && auth !== undefined,
    auth,
    ...(ca !== undefined && { tls: { ca } }),
    connectionTimeout: SILENCE_MS,
    greetingTimeout: SILENCE_MS,
    socketTimeout: SILENCE_MS,
    dnsTimeout: SILENCE_MS,
  });
}

/** The same for each try: a mailbox that has it knows a repetition (RFC 5322, 3.6.4). */
function messageIdOf({ noticeId, installation }: OutgoingNotice): string {
  return `<${noticeId}@${installation}>`;
}

function textOf(notice: OutgoingNotice): string {
  const { workerName, sentence, deadline, decisionId, noticeId, topic } = notice;
  const isPlanned = topic === 'stop-planned';
  const actions = actionsOf(notice).map(({ label, url }) => `${label}:\n${url}`);
  const paragraphs = [
    sentence,
    ...(isPlanned ? [`Worker: ${workerName}\nPlanned stop: ${timeText(deadline)}`] : []),
    ...(actions.length > 0 ? ['Each link opens a page that asks before anything is done.', ...actions] : []),
    `Notice ${noticeId}, decision ${decisionId}.`,
  ];
  return `${paragraphs.join('\n\n')}\n`;
}
