import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json as jsonOf } from 'node:stream/consumers';
import { runAdminCli } from './run-admin-cli';

interface Canned {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
}

/** The command line in this process, against a server that says what it is told to. */
describe('the command line for admins', () => {
  const now = new Date('2027-01-15T08:00:00.000Z');
  const folder = mkdtempSync(join(tmpdir(), 'cml-fleet-cli-'));
  let server: Server;
  let url: string;
  let answers: Record<string, Canned>;
  let asked: { line: string; key: string | undefined; body: unknown }[];

  beforeEach(async () => {
    [answers, asked] = [{}, []];
    server = createServer((request, response) => {
      const line = `${request.method} ${request.url?.split('?')[0]}`;
      const { status = 200, headers = {}, body } = answers[line] ?? { status: 404, body: {} };
      const type = status < 400 ? 'application/json' : 'application/problem+json';
      const answer = () =>
        response
          .writeHead(status, { 'content-type': type, date: now.toUTCString(), ...headers })
          .end(typeof body === 'string' ? body : JSON.stringify(body));
      const key = request.headers.authorization;
      if (request.headers['content-length'] === undefined) {
        asked.push({ line, key, body: undefined });
        answer();
        return;
      }
      void jsonOf(request).then((given) => {
        asked.push({ line, key, body: given });
        answer();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => void server.close());
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = async (...args: string[]) => {
    const [out, err]: [string[], string[]] = [[], []];
    const status = await runAdminCli(args, {
      ...{ env: { CML_FLEET_URL: url, CML_FLEET_KEY: 'cmlf_k' }, now: () => now },
      out: (line) => void out.push(line),
      err: (line) => void err.push(line),
      pause: () => Promise.resolve(),
      signal: new AbortController().signal,
    });
    return { status, out: out.join('\n'), err: err.join('\n') };
  };

  const key = {
    ...{ id: 'k1', name: 'ci', role: 'viewer', prefix: 'cmlf_new', createdBy: 'api-key:0', expiresAt: null },
    key: 'cmlf_new-text',
  };

  it('rotates a key, shows it once, or puts it where nobody else can read it', async () => {
    answers['POST /api/v1/api-keys/k1/rotate'] = { body: key };
    const shown = await run('keys', 'rotate', 'k1', '--overlap-minutes', '30');
    expect(shown.out).toBe('ci: viewer, cmlf_new…, id k1\n\n  cmlf_new-text\n\nIt is not shown again.');
    const file = join(folder, 'key');
    const kept = await run('keys', 'rotate', 'k1', '--out', file, '--json');
    expect(JSON.parse(kept.out)).toEqual({ ...key, key: undefined });
    expect(readFileSync(file, 'utf8')).toBe('cmlf_new-text\n');
    expect(asked.map(({ body }) => body)).toEqual([{ overlapMinutes: 30 }, {}]);
    expect(asked[0]?.key).toBe('Bearer cmlf_k');
  });

  it('makes no key where its file cannot be made', async () => {
    const refused = await run(
      'keys',
      'create',
      'ci',
      '--role',
      'viewer',
      '--out',
      join(folder, 'none', 'key'),
    );
    expect(refused).toMatchObject({ status: 2, err: expect.stringContaining('No key was made.') as string });
    expect(asked).toEqual([]);
  });

  it('limits a key to what is named', async () => {
    answers['POST /api/v1/api-keys'] = { status: 201, body: key };
    await run(
      'keys',
      'create',
      'ci',
      '--role',
      'operator',
      '--region',
      'us-east-1',
      '--tag',
      'course:a',
      'course:b',
    );
    const scope = { regions: ['us-east-1'], tags: ['course:a', 'course:b'] };
    expect(asked[0]?.body).toEqual({ name: 'ci', role: 'operator', scope });
  });

  it('tells of the key what the server says of it, and of what is ill', async () => {
    answers['GET /health/live'] = {
      body: { status: 'ok' },
      headers: { date: 'Fri, 15 Jan 2027 08:00:09 GMT' },
    };
    answers['GET /health/ready'] = {
      status: 503,
      body: { status: 'error', error: { store: { status: 'down' } } },
    };
    const grants = [{ role: 'operator', scope: { regions: ['us-east-1'] } }];
    const me = { actor: 'api-key:k1', grants, expiresAt: '2027-01-16T08:00:00.000Z' };
    answers['GET /api/v1/me'] = { body: me };
    const regions = [{ name: 'us-east-1', state: 'unknown', alarm: null }];
    answers['GET /api/v1/regions'] = { body: { items: regions } };
    const { status, out } = await run('doctor');
    expect(status).toBe(1);
    expect(out.split('\n').slice(1)).toEqual([
      `server   ok       ${url} answers`,
      "clock    BAD      this machine's clock is 9 s behind the server's: set both by NTP",
      'health   BAD      not ready: store',
      'key      ok       api-key:k1, until 2027-01-16T08:00:00.000Z',
      'rights   ok       operator of {"regions":["us-east-1"]}',
      'key      BAD      expires within a week',
      'regions  unclear  not read yet: us-east-1',
    ]);
  });

  it('takes the key to nobody else: a redirect is told, and not followed', async () => {
    answers['GET /api/v1/api-keys'] = { status: 302, headers: { location: `${url}/elsewhere` }, body: '' };
    const { status, err } = await run('keys', 'list');
    expect([status, err]).toEqual([
      2,
      `The server leads to ${url}/elsewhere: give that as the URL, if it is right.`,
    ]);
    expect(asked).toHaveLength(1);
  });

  it('goes through all pages for a person, and gives a script the one it asked for', async () => {
    answers['GET /api/v1/api-keys'] = { body: { items: [key], nextCursor: null } };
    expect((await run('keys', 'list')).out.split('\n')).toHaveLength(2);
    const page = { items: [key], nextCursor: 'c2' };
    answers['GET /api/v1/api-keys'] = { body: page };
    const { out, err } = await run('keys', 'list', '--json');
    expect([JSON.parse(out), err]).toEqual([page, 'there are more: --cursor c2']);
  });

  it('says what went wrong in a sentence, or as the document that came, and never with a stack', async () => {
    const problem = { status: 409, title: 'Paused already', code: 'conflict', correlationId: 'c-1' };
    answers['POST /api/v1/reaper/pause'] = { status: 409, body: problem };
    const told = await run('reaper', 'pause', '--reason', 'x');
    expect(told).toEqual({ status: 5, out: '', err: 'Paused already. (conflict; correlation id c-1)' });
    const raw = await run('reaper', 'pause', '--reason', 'x', '--json');
    expect([raw.status, JSON.parse(raw.err)]).toEqual([5, problem]);
    answers['POST /api/v1/reaper/pause'] = { body: '<html>' };
    expect(await run('reaper', 'pause', '--reason', 'x')).toMatchObject({ status: 6, out: '' });
  });

  it.each([
    [['workers', 'snooze', 'a'], 'one of them'],
    [['workers', 'snooze', 'a', '--minutes', '5'], '--reason'],
    [['events', '--after', '1'], '--follow'],
    [['keys', 'create', 'a', '--role', 'owner'], 'Allowed choices'],
    [['reaper', 'pause'], '--reason'],
    [['reaper', 'simulate', '/none.json'], 'cannot be read: ENOENT'],
    [['workers', 'snooze', 'a', '--minutes', 'two'], 'whole number'],
    [['workers', 'lost'], 'unknown command'],
  ])('refuses %j with what would make sense, and asks the server nothing', async (args, words) => {
    const { status, out, err } = await run(...args);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(words);
    expect(asked).toEqual([]);
  });
});
