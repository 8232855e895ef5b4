import { Controller, Get, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CallerReach, RequiresRole, Scoped } from '../../http';
import { type HttpApp, startHttpApp } from '../../http/testing/http-app';
import { Secret } from '../../kernel/secret';
import { type Reach } from '../../kernel/reach';
import { AccessModule } from '../access.module';
import { AssignedGrants, RightsDetails } from '../domain/rights-ports';

const ROOT_KEY = 'the-first-key-of-the-first-admin-1234';
const WORKER = '3f2b8f0e-5a3d-4c39-9d0c-7f6f0b8f3a55';
const SCOPE = { regions: ['us-east-1'], tags: ['course:routing'], workerIds: [WORKER] };

@RequiresRole('user')
@Scoped()
@Controller('api/v1/reach')
class ReachController {
  @Get()
  reach(@CallerReach() reach: Reach): object {
    return { reach };
  }
}

interface KeyBody {
  readonly id: string;
  readonly key: string;
}

async function start(imports: AccessImports = []) {
  const options = { bootstrapKey: new Secret(ROOT_KEY), onGenerated: null };
  const access = AccessModule.forRoot({ persistence: 'memory', imports, ...options });
  const http = await startHttpApp({
    imports: [CqrsModule.forRoot(), access],
    controllers: [ReachController],
    roleKeys: false,
  });
  const call = (method: string, path: string, key = ROOT_KEY, body?: unknown) =>
    http.call(method, `/api/v1${path}`, { body, headers: { Authorization: `Bearer ${key}` } });
  const create = async (body: object) =>
    (await call('POST', '/api-keys', ROOT_KEY, { name: 'ci', ...body })).body as KeyBody;
  return { http, call, create };
}

type AccessImports = NonNullable<Parameters<typeof AccessModule.forRoot>[0]['imports']>;

describe('a key that is limited to a part of the fleet', () => {
  let http: HttpApp;
  let call: Awaited<ReturnType<typeof start>>['call'];
  let create: Awaited<ReturnType<typeof start>>['create'];
  beforeAll(async () => {
    ({ http, call, create } = await start());
    http.clock.advance(1); // so that the first key is the oldest
  });
  afterAll(() => http.close());

  it('is shown with its scope, and has its role there', async () => {
    const created = await create({ role: 'operator', scope: SCOPE });
    expect(created).toMatchObject({ role: 'operator', scope: SCOPE });
    const list = await call('GET', '/api-keys');
    expect(list.body).toMatchObject({ items: [{ scope: null }, { id: created.id, scope: SCOPE }] });
    expect((await call('GET', '/reach', created.key)).body).toEqual({
      reach: [
        {
          regions: ['us-east-1'],
          tags: [{ key: 'course', value: 'routing' }],
          workerIds: [WORKER],
        },
      ],
    });
    const me = await call('GET', '/me', created.key);
    expect(me.body).toMatchObject({ grants: [{ role: 'operator', scope: SCOPE }] });
  });

  it('does nothing with keys, though it is an admin’s', async () => {
    const { id, key } = await create({ role: 'admin', scope: { regions: ['us-east-1'] } });
    const refused = { status: 403, body: { code: 'scope-too-small' } };
    expect(await call('GET', '/api-keys', key)).toMatchObject(refused);
    expect(await call('POST', '/api-keys', key, { name: 'x', role: 'viewer' })).toMatchObject(refused);
    expect(await call('POST', `/api-keys/${id}/rotate`, key, {})).toMatchObject(refused);
    expect(await call('DELETE', `/api-keys/${id}`, key)).toMatchObject(refused);
  });

  it('does not count where the last admin key is asked for', async () => {
    await create({ role: 'admin', scope: { regions: ['us-east-1'] } });
    const { items } = (await call('GET', '/api-keys')).body as { items: KeyBody[] };
    const answer = await call('DELETE', `/api-keys/${items[0]?.id}`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'last-admin-key' } });
  });

  it('is refused with an empty scope, and told what to do', async () => {
    const answer = await call('POST', '/api-keys', ROOT_KEY, { name: 'x', role: 'viewer', scope: {} });
    expect(answer).toMatchObject({ status: 422 });
    expect(JSON.stringify(answer.body)).toContain('for the whole fleet leave scope out');
  });

  it('opens nothing by itself as a user’s without a scope', async () => {
    const { key } = await create({ role: 'user' });
    expect((await call('GET', '/reach', key)).body).toEqual({ reach: [{ workerIds: [] }] });
  });
});

describe('GET /api/v1/me', () => {
  it('tells a fleet admin his rights', async () => {
    const { http, call } = await start();
    expect(await call('GET', '/me')).toMatchObject({
      status: 200,
      body: {
        actor: expect.stringMatching(/^api-key:/) as string,
        name: 'bootstrap',
        grants: [{ role: 'admin', scope: null }],
        expiresAt: null,
        quota: null,
        assignments: [],
      },
    });
    expect(Object.keys((await call('GET', '/me')).body as object)).toHaveLength(6);
    expect((await http.call('GET', '/api/v1/me')).status).toBe(401);
    await http.close();
  });

  it('tells what is assigned to a caller where somebody keeps that, and gives him the rights', async () => {
    const assigned = { workerIds: [WORKER], labIds: ['lab1'] };
    const assignment = { id: WORKER, workerId: WORKER, labId: 'lab1', from: null, until: new Date(0) };
    const details = { quota: { workers: 2 }, assignments: [assignment] };
    @Module({
      providers: [
        { provide: AssignedGrants, useValue: { grantsOf: () => [{ role: 'user', scope: assigned }] } },
        { provide: RightsDetails, useValue: { of: () => Promise.resolve(details) } },
      ],
      exports: [AssignedGrants, RightsDetails],
    })
    class Assignments {}
    const { http, call, create } = await start([Assignments]);
    const { id, key } = await create({ role: 'user', expiresAt: '2028-01-01T00:00:00.000Z' });
    expect((await call('GET', '/me', key)).body).toEqual({
      actor: `api-key:${id}`,
      name: 'ci',
      grants: [
        { role: 'user', scope: { workerIds: [] } },
        { role: 'user', scope: assigned },
      ],
      expiresAt: '2028-01-01T00:00:00.000Z',
      quota: { workers: 2 },
      assignments: [{ ...assignment, until: '1970-01-01T00:00:00.000Z' }],
    });
    expect((await call('GET', '/reach', key)).body).toEqual({ reach: [{ workerIds: [] }, assigned] });
    await http.close();
  });
});
