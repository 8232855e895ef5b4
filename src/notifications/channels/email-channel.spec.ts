import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { aCertificate, type Certificate } from '../../adapters/cml/testing/tls-server';
import { Secret } from '../../kernel/secret';
import { type OutgoingNotice } from '../domain/ports';
import { bodyOf, headerOf, type MailServer, startMailServer } from '../testing/mail-server';
import { aPosting } from '../testing/notices-bench';
import { EmailChannel, type EmailChannelOptions } from './email-channel';

const never = new AbortController().signal;
const NOTICE: OutgoingNotice = {
  ...aPosting({ channel: 'email', noticeId: '0d7c1f6e-3b52-5a39-9a52-7f0d7f4c9f11' }),
  recipient: 'ann@example.com',
  urls: { keepOneHour: 'https://fleet/a', keepUntil: 'https://fleet/b', stopNow: 'https://fleet/c' },
  installation: '7d0c3d1e-91a4-4b0e-8f6e-2c1f5c3f6a10',
};

describe('a notice by e-mail', () => {
  let certificate: Certificate;
  let server: MailServer;
  const channels: EmailChannel[] = [];
  beforeAll(async () => {
    certificate = await aCertificate();
  });
  afterEach(async () => {
    await Promise.all(channels.splice(0).map((channel) => channel.close()));
    await server.close();
  });

  const channelTo = (url: string, options: Partial<EmailChannelOptions> = {}) => {
    const channel = new EmailChannel({
      ...{ url: new Secret(url), from: 'Fleet <fleet@example.com>', ca: certificate.cert, ...options },
    });
    channels.push(channel);
    return channel;
  };
  const tls = () => ({ key: certificate.key, cert: certificate.cert });

  it('says what will happen and what can be done, under an id of its own that stays', async () => {
    server = await startMailServer();
    const channel = channelTo(`smtp://127.0.0.1:${server.port}`);
    expect(await channel.send(NOTICE, never)).toEqual({ error: null, retryAfterMs: null });
    await channel.send(NOTICE, never);
    const [mail, again] = server.received;
    if (!mail || !again) throw new Error('it did not arrive');
    expect([mail.from, mail.to]).toEqual(['fleet@example.com', ['ann@example.com']]);
    const headers = ['Message-ID', 'From', 'To', 'Subject', 'Auto-Submitted', 'X-Cml-Fleet-Notice'];
    expect(headers.map((name) => headerOf(mail, name))).toEqual([
      `<${NOTICE.noticeId}@${NOTICE.installation}>`,
      'Fleet <fleet@example.com>',
      'ann@example.com',
      '[cml-fleet] lab-1 will be stopped at 2027-01-15 13:00 UTC',
      'auto-generated',
      'stop-planned',
    ]);
    expect(headerOf(again, 'Message-ID')).toBe(headerOf(mail, 'Message-ID'));
    expect(bodyOf(mail)).toBe(`lab-1: nobody uses it.

Worker: lab-1
Planned stop: 2027-01-15 13:00 UTC

Each link opens a page that asks before anything is done.

Keep it for one more hour:
https://fleet/a

Keep it until a time:
https://fleet/b

Stop it now:
https://fleet/c

Notice ${NOTICE.noticeId}, decision d-1.
`);
  });

  it('holds no link where there is none, and no header of the worker’s making', async () => {
    server = await startMailServer();
    const workerName = 'lab\r\nBcc: eve@example.com';
    const notice = { ...NOTICE, workerName, urls: null, topic: 'stop-called-off' } as const;
    await channelTo(`smtp://127.0.0.1:${server.port}`).send(notice, never);
    const [mail] = server.received;
    if (!mail) throw new Error('it did not arrive');
    expect([mail.to, headerOf(mail, 'Bcc'), bodyOf(mail)]).toEqual([
      ['ann@example.com'],
      null,
      expect.not.stringContaining('https:'),
    ]);
  });

  it('goes by STARTTLS where the server has it, and logs in by it only', async () => {
    server = await startMailServer({ ...tls() });
    await channelTo(`smtp://fleet%40x:right@127.0.0.1:${server.port}`).send(NOTICE, never);
    expect(server.received).toEqual([expect.objectContaining({ secure: true, user: 'fleet@x' })]);
  });

  it('goes by TLS from the start to smtps', async () => {
    server = await startMailServer({ ...tls(), secure: true });
    await channelTo(`smtps://fleet:right@127.0.0.1:${server.port}`).send(NOTICE, never);
    expect(server.received).toEqual([expect.objectContaining({ secure: true, user: 'fleet' })]);
  });

  it('does not send a password where the server has no TLS', async () => {
    server = await startMailServer({ allowInsecureAuth: true });
    const result = await channelTo(`smtp://fleet:right@127.0.0.1:${server.port}`).send(NOTICE, never);
    expect(result.error).toBe('no TLS with the server (ETLS, answer 500)');
    expect([server.logins, server.received]).toEqual([[], []]);
  });

  it('does not send a password to a server whose certificate cannot be trusted', async () => {
    server = await startMailServer({ ...tls() });
    const other = await aCertificate();
    const channel = channelTo(`smtp://fleet:right@127.0.0.1:${server.port}`, { ca: other.cert });
    expect((await channel.send(NOTICE, never)).error).toMatch(/^no (TLS with|connection to) the server \(/);
    expect(server.logins).toEqual([]);
  });

  it('tells that a login is refused, without the words of either side', async () => {
    server = await startMailServer({ ...tls() });
    const result = await channelTo(`smtp://fleet:wr0ng@127.0.0.1:${server.port}`).send(NOTICE, never);
    expect(result).toEqual({
      error: 'the server takes neither user name nor password (EAUTH, answer 535)',
      retryAfterMs: null,
    });
    expect(server.logins).toEqual([['fleet', 'wr0ng']]);
  });

  it('tells that an address is refused', async () => {
    server = await startMailServer({
      onRcptTo: (_address, _session, callback) =>
        callback(Object.assign(new Error('we know no ann@example.com'), { responseCode: 550 })),
    });
    const result = await channelTo(`smtp://127.0.0.1:${server.port}`).send(NOTICE, never);
    expect(result.error).toBe('the server refuses sender or recipient (EENVELOPE, answer 550)');
  });

  it('tells that nobody is there', async () => {
    server = await startMailServer();
    const { port } = server;
    await server.close();
    const result = await channelTo(`smtp://127.0.0.1:${port}`).send(NOTICE, never);
    expect(result.error).toMatch(/^no connection to the server \(/);
    server = await startMailServer();
  });

  it('shows nothing of its secrets when it is printed', () => {
    const channel = channelTo('smtp://fleet:pa55word@127.0.0.1:1');
    expect(inspect(channel, { depth: 9, showHidden: true })).not.toContain('pa55word');
    expect(JSON.stringify(channel)).not.toContain('pa55word');
  });
});

describe('a mail server that hangs', () => {
  /** after which the library gives a silent server up by itself, ms */
  const SILENCE = 9_000;
  let silent: Server;
  const sockets: Socket[] = [];
  let greeting = '';
  beforeAll(async () => {
    silent = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      if (greeting) socket.write(greeting);
    });
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    silent.close();
    await once(silent, 'close');
  });

  const channel = (timeoutMs: number) => {
    const { port } = silent.address() as AddressInfo;
    const from = 'fleet@example.com';
    return new EmailChannel({ url: new Secret(`smtp://127.0.0.1:${port}`), from, timeoutMs });
  };

  it.each([
    ['without a word', ''],
    ['after its greeting', '220 mail\r\n'],
  ])('%s is left after the time for a try', async (_when, words) => {
    greeting = words;
    const begun = Date.now();
    expect(await channel(200).send(NOTICE, never)).toEqual({
      error: 'no end within 1 s',
      retryAfterMs: null,
    });
    expect(Date.now() - begun).toBeLessThan(SILENCE);
    const last = sockets.at(-1);
    if (last && !last.closed) await once(last.resume(), 'close');
  });

  it('is left at once when the process ends', async () => {
    greeting = '220 mail\r\n';
    const ending = new AbortController();
    const begun = Date.now();
    const sending = channel(10_000).send(NOTICE, ending.signal);
    ending.abort(new Error('the process ends'));
    await expect(sending).rejects.toThrow('the process ends');
    expect(Date.now() - begun).toBeLessThan(SILENCE);
  });
});
