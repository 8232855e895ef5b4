import { CqrsModule } from '@nestjs/cqrs';
import { EventStore, streamOf } from '../../event-store';
import { type HttpApp, startHttpApp } from '../../http/testing/http-app';
import { MINUTE } from '../../kernel/clocks';
import { Secret } from '../../kernel/secret';
import { AccessModule } from '../access.module';

const ROOT_KEY = 'the-first-key-of-the-first-admin-1234';

interface KeyBody {
  readonly id: string;
  readonly key: string;
}

describe('POST /api/v1/api-keys/{id}/rotate', () => {
  let http: HttpApp;
  beforeEach(async () => {
    const options = { bootstrapKey: new Secret(ROOT_KEY), onGenerated: null };
    const access = AccessModule.forRoot({ persistence: 'memory', ...options });
    http = await startHttpApp({ imports: [CqrsModule.forRoot(), access], roleKeys: false });
  });
  afterEach(() => http.close());

  interface Sent {
    readonly key?: string;
    readonly body?: object;
    readonly headers?: Readonly<Record<string, string>>;
  }
  const call = (method: string, path: string, { key = ROOT_KEY, body, headers = {} }: Sent = {}) =>
    http.call(method, `/api/v1${path}`, { body, headers: { Authorization: `Bearer ${key}`, ...headers } });
  const create = async (more: object = {}) => {
    const body = { name: 'ci', role: 'operator', scope: { regions: ['us-east-1'] }, ...more };
    return (await call('POST', '/api-keys', { body })).body as KeyBody;
  };
  const rotate = (id: string, body?: object, headers = {}) =>
    call('POST', `/api-keys/${id}/rotate`, { body, headers });
  const knows = async (key: string) => (await call('GET', '/me', { key })).status === 200;

  it('gives the same key another text, shown once, and ends the one before', async () => {
    const { id, key: before, ...unchanged } = await create();
    http.clock.advance(MINUTE);
    const { status, body } = await rotate(id);
    const { key } = body as KeyBody;
    expect(status).toBe(200);
    expect(key).toMatch(/^cmlf_[\w-]{43}$/);
    expect(body).toEqual({
      ...unchanged,
      ...{ id, key, prefix: key.slice(0, 9) },
      ...{ rotatedAt: '2027-01-01T12:01:00.000Z', overlapUntil: null },
    });
    expect([await knows(before), await knows(key)]).toEqual([false, true]);
    expect((await call('GET', '/me', { key })).body).toMatchObject({
      actor: `api-key:${id}`,
      grants: [{ role: 'operator', scope: { regions: ['us-east-1'] } }],
    });
  });

  it('lets the text before in for the overlap, and says until when', async () => {
    const { id, key: before } = await create();
    const { key } = (await rotate(id, { overlapMinutes: 10 })).body as KeyBody;
    const shown = async () => ((await call('GET', '/api-keys')).body as { items: object[] }).items;
    expect(await shown()).toContainEqual(
      expect.objectContaining({ id, overlapUntil: '2027-01-01T12:10:00.000Z' }),
    );
    http.clock.advance(10 * MINUTE - 1);
    expect((await call('GET', '/me', { key: before })).body).toMatchObject({
      actor: `api-key:${id}`,
      expiresAt: '2027-01-01T12:10:00.000Z',
    });
    http.clock.advance(1);
    expect([await knows(before), await knows(key)]).toEqual([false, true]);
    expect(await shown()).toContainEqual(expect.objectContaining({ id, overlapUntil: null }));
  });

  it('answers a repetition without the key, and does it once', async () => {
    const { id } = await create();
    const headers = { 'Idempotency-Key': 'r' };
    const first = await rotate(id, {}, headers);
    const { key, ...rest } = first.body as KeyBody;
    const second = await rotate(id, {}, headers);
    expect([second.status, second.headers.get('idempotency-replayed'), second.body]).toEqual([
      200,
      'true',
      rest,
    ]);
    expect(await knows(key)).toBe(true);
    const commits = await http.app.get(EventStore, { strict: false }).load(streamOf('apikey', id));
    expect(commits.flatMap(({ events }) => events.map(({ type }) => type))).toEqual([
      'api-key.created',
      'api-key.rotated',
    ]);
    expect(JSON.stringify(commits)).not.toContain(key.slice(9));
  });

  it('replaces the first admin’s key, of whatever form it was', async () => {
    const [first] = ((await call('GET', '/api-keys')).body as { items: KeyBody[] }).items;
    await create({ role: 'admin', scope: null });
    const { key } = (await rotate(first?.id ?? '')).body as KeyBody;
    expect([await knows(ROOT_KEY), await knows(key)]).toEqual([false, true]);
  });

  it('lets the last admin’s text in for ten minutes, so that he can rotate again who lost the answer', async () => {
    const [first] = ((await call('GET', '/api-keys')).body as { items: KeyBody[] }).items;
    await create();
    const { body } = await rotate(first?.id ?? '');
    expect(body).toMatchObject({ overlapUntil: '2027-01-01T12:10:00.000Z' });
    http.clock.advance(10 * MINUTE - 1);
    expect(await knows(ROOT_KEY)).toBe(true);
    const again = await rotate(first?.id ?? '', { overlapMinutes: 1 });
    expect(again.body).toMatchObject({ overlapUntil: '2027-01-01T12:19:59.999Z' });
    const [before, after] = [(body as KeyBody).key, (again.body as KeyBody).key];
    expect([await knows(ROOT_KEY), await knows(before), await knows(after)]).toEqual([false, true, true]);
    http.clock.advance(10 * MINUTE);
    expect([await knows(before), await knows(after)]).toEqual([false, true]);
  });

  it('is refused of a key that was revoked or has expired, and of one that is not there', async () => {
    const revoked = await create();
    await call('DELETE', `/api-keys/${revoked.id}`);
    const expired = await create({ expiresAt: '2027-01-01T12:05:00Z' });
    http.clock.advance(5 * MINUTE);
    for (const { id } of [revoked, expired]) {
      expect(await rotate(id)).toMatchObject({ status: 409, body: { code: 'api-key-ended' } });
    }
    expect(await rotate('00000000-0000-4000-8000-00000000ffff')).toMatchObject({
      status: 404,
      body: { code: 'api-key-not-found' },
    });
  });

  it.each([{ overlapMinutes: -1 }, { overlapMinutes: 10_081 }, { overlapMinutes: 1.5 }])(
    'is refused with %j',
    async (body) => {
      const { id } = await create();
      expect(await rotate(id, body)).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/overlapMinutes' }] },
      });
    },
  );
});
