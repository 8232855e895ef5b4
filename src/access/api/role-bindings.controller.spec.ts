import { CqrsModule } from '@nestjs/cqrs';
import { EventStore, streamOf } from '../../event-store';
import { type HttpApp, startHttpApp } from '../../http/testing/http-app';
import { MINUTE } from '../../kernel/clocks';
import { type Role } from '../../kernel/principal';
import { OidcModule } from '../oidc.module';

const UNKNOWN = '00000000-0000-4000-8000-00000000ffff';

interface BindingBody {
  readonly id: string;
  readonly group: string;
}

describe('/api/v1/role-bindings', () => {
  let http: HttpApp;
  beforeEach(async () => {
    http = await startHttpApp({ imports: [CqrsModule.forRoot(), OidcModule.forRoot(null)] });
  });
  afterEach(() => http.close());

  const call = (method: string, path = '', body?: unknown, as: Role = 'admin', headers = {}) =>
    http.call(method, `/api/v1/role-bindings${path}`, { as, body, headers });
  const bind = async (body: object, headers = {}) =>
    (await call('POST', '', body, 'admin', headers)).body as BindingBody;
  const list = async (query = '') =>
    (await call('GET', query)).body as { items: BindingBody[]; nextCursor: string | null };
  const OPS = { group: 'ops', role: 'operator' };

  it('gives a group a role in a part of the fleet, and shows it', async () => {
    const scope = { regions: ['us-east-1'], tags: ['course:a:b'], workerIds: [UNKNOWN] };
    const { status, headers, body } = await call('POST', '', { ...OPS, scope });
    const { id } = body as BindingBody;
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/api/v1/role-bindings/${id}`);
    expect(body).toEqual({
      ...{ id, ...OPS, scope },
      ...{ createdAt: '2027-01-01T12:00:00.000Z', createdBy: 'api-key:key-of-admin' },
    });
    expect((await call('GET', `/${id}`)).body).toEqual(body);
    expect((await list()).items).toEqual([body]);
  });

  it('refuses a second one that says the same, and takes a repetition for what it is', async () => {
    const headers = { 'Idempotency-Key': 'k' };
    const first = await bind(OPS, headers);
    expect(await bind(OPS, headers)).toEqual(first);
    expect(await call('POST', '', { ...OPS, scope: null })).toMatchObject({
      ...{ status: 409, body: { code: 'already-exists', roleBindingId: first.id } },
    });
    expect((await list()).items).toHaveLength(1);
  });

  it('takes a role back, and gives it again as if for the first time', async () => {
    const { id } = await bind(OPS);
    expect(await call('DELETE', `/${id}`)).toMatchObject({ status: 204, body: '' });
    expect(await call('GET', `/${id}`)).toMatchObject({
      ...{ status: 404, body: { code: 'role-binding-not-found' } },
    });
    expect((await list()).items).toEqual([]);
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    http.clock.advance(MINUTE);
    expect(await bind(OPS)).toMatchObject({ id, createdAt: '2027-01-01T12:01:00.000Z' });
    expect((await list()).items).toHaveLength(1);
    const commits = await http.app.get(EventStore, { strict: false }).load(streamOf('rolebinding', id));
    expect(commits.flatMap(({ events }) => events.map(({ type }) => type))).toEqual([
      ...['role-binding.created', 'role-binding.deleted', 'role-binding.created'],
    ]);
  });

  it('pages through them by group', async () => {
    for (const group of ['b', 'a', 'c']) await bind({ ...OPS, group });
    await bind({ group: 'b', role: 'viewer' });
    const groups: string[] = [];
    let query = '?limit=1';
    for (let cursor: string | null = ''; cursor !== null; query = `?limit=1&cursor=${cursor}`) {
      const { items, nextCursor } = await list(query);
      groups.push(...items.map(({ group }) => group));
      cursor = nextCursor;
    }
    expect(groups).toEqual(['a', 'b', 'b', 'c']);
    expect(await call('GET', '?cursor=x')).toMatchObject({
      ...{ status: 422, body: { errors: [{ pointer: '/query/cursor' }] } },
    });
  });

  it.each([
    [{ role: 'viewer' }, '/group'],
    [{ group: '', role: 'viewer' }, '/group'],
    [{ group: 'a\nb', role: 'viewer' }, '/group'],
    [{ group: 'x'.repeat(257), role: 'viewer' }, '/group'],
    [{ group: 'ops' }, '/role'],
    [{ group: 'ops', role: 'root' }, '/role'],
    [{ ...OPS, scope: {} }, '/scope'],
    [{ ...OPS, scope: { workerIds: [] } }, '/scope/workerIds'],
    [{ ...OPS, scope: { regions: ['us-east-1'], labIds: ['a'] } }, '/scope/labIds'],
    [{ ...OPS, name: 'x' }, '/name'],
  ])('refuses %j', async (body, pointer) => {
    expect(await call('POST', '', body)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });

  it('knows no other ids', async () => {
    for (const method of ['GET', 'DELETE']) {
      expect(await call(method, `/${UNKNOWN}`)).toMatchObject({
        ...{ status: 404, body: { code: 'role-binding-not-found' } },
      });
    }
  });

  it('is for admins', async () => {
    for (const [method, path] of [
      ...[
        ['POST', ''],
        ['GET', ''],
      ],
      ...[
        ['GET', `/${UNKNOWN}`],
        ['DELETE', `/${UNKNOWN}`],
      ],
    ] as const) {
      expect((await call(method ?? '', path, undefined, 'operator')).status).toBe(403);
    }
  });
});
