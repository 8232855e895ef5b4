import { createServer } from 'node:net';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { ManualClock } from '../../kernel/clocks';
import { type PostResult } from '../domain/ports';
import { answer, type Receiver, startReceiver } from '../testing/receiver';
import { type Resolve } from '../../outbound';
import { TargetNetworks } from './target-networks';
import { type PosterOptions, UndiciPoster } from './undici-poster';

const LOOPBACK = ['127.0.0.0/8'];
const never = new AbortController().signal;
const BLOCKED = expect.stringMatching(/^it leads to no address that may be reached/) as unknown;

describe('a post to a webhook', () => {
  const clock = new ManualClock(new Date('2027-01-01T12:00:00.000Z'));
  const posters: UndiciPoster[] = [];
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await Promise.all(posters.splice(0).map((poster) => poster.close()));
    await receiver.close();
  });

  const poster = (allowed: readonly string[], options: Partial<PosterOptions> = {}) => {
    const made = new UndiciPoster({ networks: new TargetNetworks(allowed), clock, ...options });
    posters.push(made);
    return made;
  };
  const post = (url: string, allowed = LOOPBACK, options: Partial<PosterOptions> = {}): Promise<PostResult> =>
    poster(allowed, options).post({ url, headers: { 'webhook-id': 'd-1' }, body: '{"ü":1}' }, never);

  it('brings headers and body to where it says', async () => {
    expect(await post(receiver.url)).toEqual({ status: 204, error: null, retryAfterMs: null, durationMs: 0 });
    expect(receiver.received).toEqual([
      {
        method: 'POST',
        path: '/hook/token-in-path?token=in-query',
        headers: {
          host: `127.0.0.1:${receiver.port}`,
          connection: 'close',
          'webhook-id': 'd-1',
          'user-agent': 'cml-fleet',
          'content-length': '8',
        },
        body: Buffer.from('{"ü":1}'),
      },
    ]);
  });

  it.each([
    [200, null],
    [299, null],
    [301, 'answered 301: redirects are not followed'],
    [404, 'answered 404'],
    [500, 'answered 500'],
  ])('that is answered %i', async (status, error) => {
    const inside = await startReceiver();
    receiver.respond = answer(status, { location: inside.url, 'retry-after': '7' });
    expect(await post(receiver.url)).toMatchObject({ status, error, retryAfterMs: null });
    expect(inside.received).toEqual([]);
    await inside.close();
  });

  it.each([
    [429, '120', 120_000],
    [503, 'Fri, 01 Jan 2027 12:00:30 GMT', 30_000],
    [503, 'Fri, 01 Jan 2027 11:00:00 GMT', 0],
    [503, 'soon', null],
    [503, '-3', null],
  ])('hears %i with Retry-After: %s', async (status, header, retryAfterMs) => {
    receiver.respond = answer(status, { 'retry-after': header });
    expect(await post(receiver.url)).toMatchObject({ status, retryAfterMs });
  });

  it('does not wait for the whole of a long answer', async () => {
    receiver.respond = (_request, response) => {
      response.writeHead(200);
      const more = () => {
        if (!response.destroyed) response.write('x'.repeat(32 * 1024), more);
      };
      more();
    };
    expect(await post(receiver.url)).toMatchObject({ status: 200, error: null });
  });

  it('waits so long for an answer and no longer', async () => {
    receiver.respond = () => undefined;
    expect(await post(receiver.url, LOOPBACK, { timeoutMs: 50 })).toMatchObject({
      status: null,
      error: 'no answer within 1 s',
    });
  });

  it('can be called off', async () => {
    const stop = new AbortController();
    receiver.respond = () => stop.abort(new Error('stopping'));
    const posted = poster(LOOPBACK).post({ url: receiver.url, headers: {}, body: '' }, stop.signal);
    await expect(posted).rejects.toThrow('stopping');
  });

  it('says why it was not possible, without anything of the URL', async () => {
    const { port } = receiver;
    await receiver.close();
    const failures = [
      await post(`http://127.0.0.1:${port}/secret-path`),
      await post('http://no-such-host.invalid/secret-path', LOOPBACK, {
        resolve: () => Promise.reject(Object.assign(new Error('secret-path'), { code: 'ENOTFOUND' })),
      }),
    ];
    expect(failures.map(({ error }) => error)).toEqual([
      'no answer (ECONNREFUSED)',
      'the name cannot be resolved (ENOTFOUND)',
    ]);
    receiver = await startReceiver();
  });
});

describe('a post that leads where it must not', () => {
  const clock = new ManualClock(new Date('2027-01-01T12:00:00.000Z'));
  let connections: number;
  let port: number;
  let close: () => void;
  beforeAll(async () => {
    const server = createServer((socket) => {
      connections += 1;
      socket.end();
    }).listen(0, '0.0.0.0');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
    close = () => void server.close();
  });
  afterAll(() => close());
  beforeEach(() => (connections = 0));

  const resolvesTo =
    (...addresses: string[]): Resolve =>
    () =>
      Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  const send = async (url: string, allowed: string[], resolve?: Resolve) => {
    const poster = new UndiciPoster({ networks: new TargetNetworks(allowed), clock, resolve });
    const result = await poster.post({ url, headers: {}, body: '{}' }, never);
    await poster.close();
    return result;
  };

  it.each([
    ['loopback', 'https://127.0.0.1:PORT/'],
    ['loopback over http', 'http://127.0.0.1:PORT/'],
    ['no host', 'https://0.0.0.0:PORT/'],
    ['mapped loopback', 'https://[::ffff:127.0.0.1]:PORT/'],
    ['the metadata service', 'http://169.254.169.254/latest/'],
    ['loopback of IPv6', 'https://[::1]:PORT/'],
  ])('by its address is not connected: %s', async (_what, url) => {
    expect((await send(url.replace('PORT', String(port)), [])).error).toEqual(BLOCKED);
    expect(connections).toBe(0);
  });

  it.each([
    [['127.0.0.1']],
    [['::1']],
    [['::ffff:127.0.0.1']],
    [['169.254.169.254', '10.0.0.1', 'fd00:ec2::254']],
    [['0.0.0.0']],
    [[]],
  ])('by its name is not connected: %j', async (addresses) => {
    const result = await send(`https://evil.example:${port}/`, [], resolvesTo(...addresses));
    expect(result).toMatchObject({ status: null, error: BLOCKED });
    expect(connections).toBe(0);
  });

  it('is not connected by a name that resolves to the inside with the second question', async () => {
    let questions = 0;
    const rebinding: Resolve = (name) => {
      questions += 1;
      return resolvesTo(questions === 1 ? '127.0.0.9' : '127.0.0.1')(name);
    };
    const result = await send(`http://evil.example:${port}/`, ['127.0.0.9/32'], rebinding);
    expect([questions, connections]).toEqual([1, 1]);
    expect(result.error).toMatch(/^no answer/);
    expect((await send(`http://evil.example:${port}/`, ['127.0.0.9/32'], rebinding)).error).toEqual(BLOCKED);
    expect(connections).toBe(1);
  });

  it('goes to those addresses of a name only that are acceptable', async () => {
    const result = await send(
      `http://mixed.example:${port}/`,
      ['127.0.0.9/32'],
      resolvesTo('127.0.0.1', '127.0.0.9'),
    );
    expect([result.error, connections]).toEqual([expect.stringMatching(/^no answer/), 1]);
  });

  it('is plain http to a public address', async () => {
    expect((await send('http://named.example/', LOOPBACK, resolvesTo('8.8.8.8'))).error).toEqual(BLOCKED);
    expect((await send('http://8.8.8.8/', LOOPBACK)).error).toEqual(BLOCKED);
  });
});

describe('a post over TLS', () => {
  it('goes through only with a certificate that is valid for the name', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'hooks' }], {
      keyType: 'ec',
      curve: 'P-256',
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [{ type: 2, value: 'hooks.example' }] },
      ],
    });
    const receiver = await startReceiver({ cert, key });
    const clock = new ManualClock(new Date('2027-01-01T12:00:00.000Z'));
    const resolve: Resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    const post = async (name: string, ca?: string) => {
      const poster = new UndiciPoster({ networks: new TargetNetworks(LOOPBACK), clock, resolve, ca });
      const url = `https://${name}:${receiver.port}/`;
      const { status, error } = await poster.post({ url, headers: {}, body: '{}' }, never);
      await poster.close();
      return status ?? error;
    };
    expect(await post('hooks.example')).toBe(
      'the certificate cannot be trusted (DEPTH_ZERO_SELF_SIGNED_CERT)',
    );
    expect(await post('other.example', cert)).toBe(
      'the certificate cannot be trusted (ERR_TLS_CERT_ALTNAME_INVALID)',
    );
    expect(receiver.received).toEqual([]);
    expect(await post('hooks.example', cert)).toBe(204);
    await receiver.close();
  });
});
