import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** as it came over the line */
  readonly text: string;
  /** by TLS */
  readonly secure: boolean;
  readonly user: unknown;
}

/** Somebody's mail server on 127.0.0.1. */
export interface MailServer {
  readonly port: number;
  readonly received: ReceivedMail[];
  /** what was given to log in with, whether it was taken or not */
  readonly logins: (readonly [user: string | undefined, password: string | null | undefined])[];
  close(): Promise<void>;
}

/** @param options the server's own; without them it asks for no login, and offers no TLS */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  const logins: MailServer['logins'] = [];
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: options.key ? [] : ['STARTTLS'], closeTimeout: 100 },
    onAuth: ({ username, password }, _session, callback) => {
      logins.push([username, password]);
      if (password === 'right') callback(null, { user: username });
      else callback(new Error('no such user, says the server'));
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom ? mailFrom.address : '';
        const { secure, user } = session as { secure: boolean; user: unknown };
        const to = rcptTo.map(({ address }) => address);
        received.push({ from, to, text: Buffer.concat(chunks).toString(), secure, user });
        callback(null);
      });
    },
    ...options,
  });
  // a client that breaks off is part of the play
  server.on('error', () => undefined);
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  return {
    ...{ port, received, logins },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The value of a header, unfolded. */
export function headerOf({ text }: ReceivedMail, name: string): string | null {
  const head = text.slice(0, text.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
  const line = head.split('\r\n').find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return line?.slice(name.length + 1).trim() ?? null;
}

/** The text, with its quoted-printable signs resolved. */
export function bodyOf({ text }: ReceivedMail): string {
  const body = text.slice(text.indexOf('\r\n\r\n') + 4).replace(/=\r\n/g, '');
  const bytes = body.replace(/=([0-9A-F]{2})/g, (_sign, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8').replaceAll('\r\n', '\n');
}
