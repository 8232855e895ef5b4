import { type ServerResponse } from 'node:http';
import { eventually } from '../../../test/support/eventually';
import { ManualTimers } from '../../kernel/timers';
import { type CmlServer } from '../../telemetry';
import { type CmlHttpClient } from './cml-http-client';
import { type CmlClientsOptions } from './testing/cml-clients';
import { type Answer, playCml, type PlayedCml } from './testing/played-cml';
import { aCertificate, type Certificate, sendJson } from './testing/tls-server';

const SERVER: CmlServer = {
  workerId: 'w-1',
  host: '127.0.0.1',
  pinnedCertificate: null,
  credentials: null,
};
let certificate: Certificate;
let cml: PlayedCml;
let client: CmlHttpClient;

beforeAll(async () => {
  certificate = await aCertificate();
});

afterEach(() => cml.close());

/** A server that lets us in, and answers the paths (below /api/v0) as given. */
async function start(
  answers: Readonly<Record<string, Answer>>,
  options: CmlClientsOptions = {},
): Promise<void> {
  const named = Object.entries(answers).map(([path, answer]): [string, Answer] => [
    `${path === '/auth_extended' ? 'POST' : 'GET'} ${path}`,
    answer,
  ]);
  cml = await playCml(certificate, Object.fromEntries(named), options);
  client = cml.clients.observing;
}

function requestsTo(path: string): number {
  return cml.requests.filter((request) => request.endsWith(path)).length;
}

const html: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<html>starting</html>');
};

it('sends who it is, and its token only where one is needed', async () => {
  const headers: Record<string, unknown>[] = [];
  const keep: Answer = (response, request) => {
    headers.push({ client: request.headers['x-cml-client'], token: request.headers.authorization });
    sendJson(response, 200, {});
  };
  await start({ '/system_information': keep, '/system_health': keep, '/system_stats': keep });

  await client.readSystem(SERVER);

  const token = 'Bearer opaque-session-token';
  expect(headers).toEqual([
    { client: 'cml-fleet' },
    { client: 'cml-fleet', token },
    { client: 'cml-fleet', token },
  ]);
});

it('keeps its connections from one reading to the next', async () => {
  const empty: Answer = (response) => sendJson(response, 200, {});
  await start({ '/system_information': empty, '/system_health': empty, '/system_stats': empty });
  await client.readSystem(SERVER);
  const connections = cml.connections();

  await client.readSystem(SERVER);

  expect(cml.connections()).toBe(connections);
});

describe('labs', () => {
  const list: Answer = (response) => sendJson(response, 200, ['a', 'b', 'c']);
  const lab =
    (state: string): Answer =>
    (response) =>
      sendJson(response, 200, { state });

  it('that were deleted since they were listed are left out', async () => {
    await start({ '/labs?show_all=true': list, '/labs/a': lab('STARTED'), '/labs/c': lab('STOPPED') });

    const { values } = await client.readLabs(SERVER);

    expect(values).toMatchObject({ total: 2, running: 1 });
  });

  it.each<[string, Answer]>([
    ['an error', (response) => sendJson(response, 500, { code: 500, description: 'broken' })],
    ['a 404 of nginx', (response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<html>')],
    ['no state', (response) => sendJson(response, 200, { lab_title: 'BGP' })],
  ])('of which one has %s are not counted at all', async (_, broken) => {
    await start({
      '/labs?show_all=true': list,
      '/labs/a': lab('STOPPED'),
      '/labs/b': broken,
      '/labs/c': lab('STOPPED'),
    });

    await expect(client.readLabs(SERVER)).rejects.toThrow();
  });

  it.each([
    [3, 2],
    [29, 2],
    [30, 3],
    [60, 5],
  ])('of which there are %i are asked for %i at a time', async (count, atOnce) => {
    const ids = Array.from({ length: count }, (_, n) => `l${n}`);
    let waiting: ServerResponse[] = [];
    let [most, answered] = [0, 0];
    const release = (): void => {
      most = Math.max(most, waiting.length);
      answered += waiting.length;
      for (const response of waiting) sendJson(response, 200, { state: 'STOPPED' });
      waiting = [];
    };
    // Answers only when as many as may wait do, and the first time leaves one more the time to come.
    const together: Answer = (response) => {
      waiting.push(response);
      if (waiting.length !== Math.min(atOnce, count - answered)) return;
      if (answered === 0) setTimeout(release, 30);
      else release();
    };
    await start({
      '/labs?show_all=true': (response) => sendJson(response, 200, ids),
      ...Object.fromEntries(ids.map((id) => [`/labs/${id}`, together])),
    });

    expect((await client.readLabs(SERVER)).values.total).toBe(count);
    expect(most).toBe(atOnce);
  });
});

describe('a token that is refused', () => {
  it('is replaced once; refused again, it is not tried for a while', async () => {
    await start({
      '/labs?show_all=true': (response) => sendJson(response, 401, { code: 401, description: 'no' }),
    });

    await expect(client.readLabs(SERVER)).rejects.toMatchObject({ failure: 'credentials' });
    await expect(client.readLabs(SERVER)).rejects.toMatchObject({ failure: 'credentials' });

    expect(requestsTo('/labs?show_all=true')).toBe(2);
    expect(requestsTo('/auth_extended')).toBe(2);
  });
});

it('stops logging in when the server has had too many', async () => {
  await start({
    '/auth_extended': (response) => sendJson(response, 429, { code: 429, description: 'slow' }),
  });

  await expect(client.readLabs(SERVER)).rejects.toMatchObject({ failure: 'busy', httpStatus: 429 });
  await expect(client.readLabs(SERVER)).rejects.toMatchObject({ failure: 'busy' });
  expect(requestsTo('/auth_extended')).toBe(1);
});

describe('an answer', () => {
  it('in HTML, where JSON is due, means that CML is not up', async () => {
    await start({ '/system_information': html });

    await expect(client.readSystem(SERVER)).rejects.toMatchObject({ failure: 'not-ready' });
  });

  it('that calls itself JSON and is none is unreadable', async () => {
    await start({
      '/system_information': (response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"version":'),
    });

    await expect(client.readSystem(SERVER)).rejects.toMatchObject({ failure: 'unreadable' });
  });

  it('that is too large is not read to its end', async () => {
    const large = JSON.stringify('x'.repeat(5 * 1024 * 1024));
    const send: Answer = (response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(large);
    await start({ '/system_information': send });

    await expect(client.readSystem(SERVER)).rejects.toMatchObject({
      failure: 'unreadable',
      message: 'The answer is larger than the 4 MiB that are read.',
    });
  });

  it('of telemetry may be larger', async () => {
    const events = [
      { category: 'meminfo', timestamp: '2026-11-23T07:00:00Z', data: { x: 'x'.repeat(5_000_000) } },
    ];
    await start({ '/telemetry/events': (response) => sendJson(response, 200, events) });

    expect((await client.readActivity(SERVER, null)).values.everSeen).toBe(true);
  });

  it('of telemetry (pitfall 13) has an end all the same', async () => {
    let cut = false;
    const send: Answer = (response) => {
      response.on('close', () => (cut = true));
      const length = 128 * 1024 * 1024 + 1;
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': length }).write('[');
    };
    await start({ '/telemetry/events': send });

    await expect(client.readActivity(SERVER, null)).rejects.toMatchObject({
      failure: 'unreadable',
      message: 'The answer is larger than the 128 MiB that are read.',
    });
    await eventually(() => expect(cut).toBe(true));
  });

  it('that trickles in for ever runs out of time', async () => {
    const timers: NodeJS.Timeout[] = [];
    const trickle: Answer = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      timers.push(setInterval(() => response.write(' '), 10));
    };
    await start({ '/system_information': trickle }, { timeouts: { read: 1_000 } });

    await expect(client.readSystem(SERVER)).rejects.toMatchObject({ failure: 'timeout' });
    timers.forEach(clearInterval);
  });

  it('of many parts, each in time, must be complete within 30 s', async () => {
    const ids = Array.from({ length: 100 }, (_, n) => `l${n}`);
    const waiting: ServerResponse[] = [];
    const timers = new ManualTimers();
    await start(
      {
        '/labs?show_all=true': (response) => sendJson(response, 200, ids),
        ...Object.fromEntries(ids.map((id) => [`/labs/${id}`, (response) => waiting.push(response)])),
      },
      { timers },
    );
    const reading = client.readLabs(SERVER);
    const failing = expect(reading).rejects.toMatchObject({ failure: 'timeout' });

    for (let seconds = 0; seconds < 27; seconds += 9) {
      await eventually(() => expect(waiting).toHaveLength(5));
      timers.advance(9_000);
      for (const response of waiting.splice(0)) sendJson(response, 200, { state: 'STOPPED' });
    }
    await eventually(() => expect(waiting).toHaveLength(5));
    timers.advance(3_000);

    await failing;
    expect(cml.requests).toHaveLength(1 + 1 + 20);
  });
});

it('keeps the token from a server with another certificate', async () => {
  await start({ '/labs?show_all=true': (response) => sendJson(response, 200, []) });
  const before = await client.readLabs(SERVER);
  const received = cml.received();

  const shown = before.certificate ?? '';
  const another = { ...SERVER, pinnedCertificate: `${shown.startsWith('A') ? 'B' : 'A'}${shown.slice(1)}` };

  await expect(client.readLabs(another)).rejects.toMatchObject({ failure: 'certificate' });
  expect(cml.received()).toBe(received);
});

it('fails what is under way when it is closed', async () => {
  await start({ '/system_information': () => undefined });
  const reading = client.readSystem(SERVER);
  const failing = expect(reading).rejects.toMatchObject({ failure: 'unreachable' });
  while (cml.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));

  await cml.clients.close();

  await failing;
});
