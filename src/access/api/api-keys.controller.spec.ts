import { CqrsModule } from '@nestjs/cqrs';
import { EventStore, streamOf } from '../../event-store';
import { Authenticator } from '../../http';
import { type HttpApp, startHttpApp } from '../../http/testing/http-app';
import { HOUR, MINUTE, plus } from '../../kernel/clocks';
import { Secret } from '../../kernel/secret';
import { AccessModule } from '../access.module';

const ROOT_KEY = 'the-first-key-of-the-first-admin-1234';

interface KeyBody {
  readonly id: string;
  readonly key: string;
  readonly name: string;
}

describe('/api/v1/api-keys', () => {
  let http: HttpApp;
  beforeEach(async () => {
    const options = { bootstrapKey: new Secret(ROOT_KEY), onGenerated: null };
    const access = AccessModule.forRoot({ persistence: 'memory', ...options });
    http = await startHttpApp({ imports: [CqrsModule.forRoot(), access], roleKeys: false });
    http.clock.advance(MINUTE); // so that the first key is the oldest
  });
  afterEach(() => http.close());

  const call = (method: string, path: string, body?: unknown, key = ROOT_KEY, headers = {}) =>
    http.call(method, `/api/v1/api-keys${path}`, {
      body,
      headers: { Authorization: `Bearer ${key}`, ...headers },
    });
  const create = async (body: object = { name: 'ci', role: 'viewer' }, headers = {}) =>
    (await call('POST', '', body, ROOT_KEY, headers)).body as KeyBody;
  const list = async (query = '') =>
    (await call('GET', query)).body as { items: KeyBody[]; nextCursor: string | null };

  it('creates a key, shows it once, and lets it in with its role', async () => {
    const { status, headers, body } = await call('POST', '', { name: ' ci ', role: 'operator' });
    const { id, key } = body as KeyBody;
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/api/v1/api-keys/${id}`);
    expect(key).toMatch(/^cmlf_[\w-]{43}$/);
    expect(body).toEqual({
      id,
      key,
      name: 'ci',
      role: 'operator',
      scope: null,
      prefix: key.slice(0, 9),
      createdAt: '2027-01-01T12:01:00.000Z',
      createdBy: `api-key:${(await list()).items[0]?.id}`,
      expiresAt: null,
      rotatedAt: null,
      overlapUntil: null,
    });
    expect(await call('GET', '', undefined, key)).toMatchObject({ status: 403, body: { role: 'operator' } });
  });

  it('answers a repetition without the key', async () => {
    const headers = { 'Idempotency-Key': 'k' };
    const { key, ...rest } = await create(undefined, headers);
    expect(key).toBeDefined();
    expect(await create(undefined, headers)).toEqual(rest);
    expect((await list()).items).toHaveLength(2);
  });

  it('lists keys without anything that opens a door, with their last use', async () => {
    const { key } = await create();
    http.clock.advance(5 * MINUTE);
    await call('GET', '', undefined, key);
    const { items } = await list();
    expect(items).toEqual([
      expect.objectContaining({
        name: 'bootstrap',
        role: 'admin',
        createdBy: 'system:bootstrap',
        prefix: 'the-first',
      }),
      expect.objectContaining({ name: 'ci', role: 'viewer', lastUsedAt: '2027-01-01T12:06:00.000Z' }),
    ]);
    expect(Object.keys(items[1] ?? {}).sort()).toEqual([
      ...['createdAt', 'createdBy', 'expiresAt', 'id', 'lastUsedAt', 'name', 'overlapUntil', 'prefix'],
      ...['role', 'rotatedAt', 'scope'],
    ]);
  });

  it('pages through the list', async () => {
    for (const name of ['a', 'b']) {
      http.clock.advance(1);
      await create({ name, role: 'viewer' });
    }
    const first = await list('?limit=2');
    expect(first.items.map(({ name }) => name)).toEqual(['bootstrap', 'a']);
    const second = await list(`?limit=2&cursor=${first.nextCursor}`);
    expect(second).toMatchObject({ items: [{ name: 'b' }], nextCursor: null });
    expect(await call('GET', '?cursor=x')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/query/cursor' }] },
    });
  });

  it('revokes a key at once, and again without effect', async () => {
    const { id, key } = await create({ name: 'x', role: 'admin' });
    expect(await call('DELETE', `/${id}`)).toMatchObject({ status: 204, body: '' });
    expect((await call('GET', '', undefined, key)).status).toBe(401);
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    expect((await list()).items).toHaveLength(1);
  });

  it('does not revoke the last admin key, but does once there is another', async () => {
    const root = (await list()).items[0]?.id;
    expect(await call('DELETE', `/${root}`)).toMatchObject({ status: 409, body: { code: 'last-admin-key' } });
    const { key } = await create({ name: 'next', role: 'admin' });
    expect((await call('DELETE', `/${root}`)).status).toBe(204);
    expect((await call('GET', '', undefined, ROOT_KEY)).status).toBe(401);
    expect((await call('GET', '', undefined, key)).status).toBe(200);
  });

  it('knows no other ids', async () => {
    expect(await call('DELETE', '/00000000-0000-4000-8000-00000000ffff')).toMatchObject({
      status: 404,
      body: { code: 'api-key-not-found' },
    });
  });

  it('lets a key in until it expires', async () => {
    const expiresAt = plus(http.clock.now(), HOUR).toISOString();
    const { key } = await create({ name: 'short', role: 'admin', expiresAt });
    expect((await call('GET', '', undefined, key)).status).toBe(200);
    const authenticator = http.app.get(Authenticator, { strict: false });
    const holder = await authenticator.authenticate(key);
    if (!holder) throw new Error('the key was not recognised');
    expect(authenticator.isStillValid(holder)).toBe(true);
    http.clock.advance(HOUR);
    expect((await call('GET', '', undefined, key)).status).toBe(401);
    expect(authenticator.isStillValid(holder)).toBe(false);
  });

  it.each([
    [{ name: '', role: 'viewer' }, '/name'],
    [{ name: '   ', role: 'viewer' }, '/name'],
    [{ name: 'x'.repeat(101), role: 'viewer' }, '/name'],
    [{ name: 'a', role: 'root' }, '/role'],
    [{ name: 'a', role: 'viewer', expiresAt: '2027-01-01T12:01:00Z' }, '/expiresAt'],
    [{ name: 'a', role: 'viewer', hash: 'h' }, '/hash'],
    [{ name: 'a', role: 'viewer', scope: {} }, '/scope'],
    [{ name: 'a', role: 'viewer', scope: { workerIds: [] } }, '/scope/workerIds'],
    [{ name: 'a', role: 'viewer', scope: { tags: ['course'] } }, '/scope/tags/0'],
    [{ name: 'a', role: 'viewer', scope: { regions: ['us-east-1'], labIds: ['x'] } }, '/scope/labIds'],
  ])('refuses %j', async (body, pointer) => {
    expect(await call('POST', '', body)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });

  it('keeps no key in the event store', async () => {
    const { id, key } = await create();
    const commits = await http.app.get(EventStore, { strict: false }).load(streamOf('apikey', id));
    expect(commits).toMatchObject([
      {
        events: [{ type: 'api-key.created' }],
        meta: { actor: expect.stringMatching(/^api-key:/) as string },
      },
    ]);
    expect(JSON.stringify(commits)).not.toContain(key.slice(9));
  });
});
