import fc from 'fast-check';
import { type MemoryApp, startMemoryApp } from './support/memory-app';
import { includesRole } from '../src/kernel/principal';
import { accessOf, ROUTES } from './support/routes';

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000999';

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly 'x-required-role'?: string;
  readonly 'x-or-user'?: boolean;
  readonly 'x-scope'?: string;
  readonly requestBody?: { readonly content: Record<string, { readonly schema: unknown }> };
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema?: unknown }> }>;
}

/** 431 comes from the server itself, before the program. */
const NO_BODY = ['204', '431'];

describe('every route', () => {
  let app: MemoryApp;
  let operations: [route: string, operation: Operation][];
  let groups: readonly { readonly name: string; readonly description: string }[];

  beforeAll(async () => {
    app = await startMemoryApp();
    const { body } = await app.as(null).get('/docs/openapi.json');
    groups = body.tags as typeof groups;
    operations = Object.entries(body.paths as Record<string, Record<string, Operation>>).flatMap(
      ([path, item]) =>
        Object.entries(item).map(([method, operation]): [string, Operation] => [
          `${method.toUpperCase()} ${path}`,
          operation,
        ]),
    );
  });
  afterAll(() => app.close());

  /** The path with values for its parameters. */
  const pathOf = (route: string, id = UNKNOWN_ID) =>
    (route.split(' ')[1] ?? '')
      .replace('{id}', id)
      .replace('{deliveryId}', UNKNOWN_ID)
      .replace('{labId}', UNKNOWN_ID)
      .replace('{topologyId}', UNKNOWN_ID)
      .replace('{workerId}', UNKNOWN_ID)
      .replace('{userId}', 'user:nobody')
      .replace('{version}', '1')
      .replace('{name}', 'mars-east-1');
  const methodOf = (route: string) => route.split(' ')[0] ?? '';

  it('of the contract is there, with its role and the kind of its reach, and no other', () => {
    const declared = operations.map(([route, operation]) => {
      const { 'x-required-role': role, 'x-scope': scope, 'x-or-user': orUser } = operation;
      const words = [role, scope, orUser && 'or user'].filter(Boolean);
      return [route, role === undefined ? null : words.join(' ')];
    });
    expect(Object.fromEntries(declared)).toEqual(ROUTES);
  });

  it('is in a group, and each group is described and has routes', () => {
    expect(operations.filter(([, { tags = [] }]) => tags.length === 0)).toEqual([]);
    const used = operations.flatMap(([, { tags }]) => tags ?? []);
    expect([...new Set(used)].sort()).toEqual(groups.map(({ name }) => name).sort());
    expect(groups.filter(({ description }) => !description)).toEqual([]);
  });

  it('is documented: a summary, and a schema of each JSON answer', () => {
    const gaps = operations.flatMap(([route, { summary, responses }]) => {
      const bare = Object.entries(responses).filter(
        ([status, answer]) => !NO_BODY.includes(status) && !Object.values(answer.content ?? {})[0]?.schema,
      );
      return [...(summary ? [] : [`${route}: no summary`]), ...bare.map(([status]) => `${route}: ${status}`)];
    });
    expect(gaps.filter((gap) => !gap.includes('/health/'))).toEqual([]);
  });

  it('but those that are open answers 401 without a key, and 403 with too small a role', async () => {
    const keys = { viewer: await app.keyOf('viewer'), operator: await app.keyOf('operator') };
    const answers: Record<string, unknown> = {};
    for (const route of Object.keys(ROUTES)) {
      const { role = null } = accessOf(route) ?? {};
      const without = await app.as(null).send(methodOf(route), pathOf(route));
      answers[route] = without.status === 401 ? 'needs a key' : without.status;
      if (role === null) continue;
      expect(without.headers.get('www-authenticate')).toContain('Bearer');
      expect((await app.as('no-such-key').send(methodOf(route), pathOf(route))).status).toBe(401);
      for (const smaller of ['viewer', 'operator'] as const) {
        const { status } = await app.as(keys[smaller]).send(methodOf(route), pathOf(route));
        if (!includesRole(smaller, role)) expect([route, smaller, status]).toEqual([route, smaller, 403]);
        else expect([401, 403]).not.toContain(status);
      }
    }
    const open = Object.entries(answers).filter(([, answer]) => answer !== 'needs a key');
    expect(open).toEqual([
      ['GET /health/live', 200],
      ['GET /health/ready', 200],
    ]);
    expect((await app.as(null).get('/problems/worker-not-found')).status).toBe(200);
    expect((await app.as(null).get('/docs')).status).toBe(200);
    // their key is the token in them
    expect((await app.as(null).get('/notices/no-token')).status).toBe(404);
    expect((await app.as(null).send('POST', '/notices/no-token')).status).toBe(404);
    expect((await app.as(null).get('/api/v1/nothing-here')).status).toBe(401);
    expect((await app.admin.get('/api/v1/nothing-here')).body.code).toBe('route-not-found');
  });

  it('that takes an id answers 404 for one that is not there, and a pointer for one that is none', async () => {
    const bodies: Record<string, object> = {
      snooze: { minutes: 5, reason: 'r' },
      protection: { reason: 'r' },
      certificate: { fingerprint: Array.from({ length: 32 }, () => 'AB').join(':') },
      'PUT /api/v1/workers/{id}/cml-credentials': { username: 'u', password: 'p' },
      'PATCH /api/v1/workers/{id}': { name: 'x' },
      'PATCH /api/v1/license-pools/{id}': { capacity: 2 },
      'POST /api/v1/license-pools/{id}/seats/{workerId}/free': { reason: 'r' },
      'PATCH /api/v1/webhooks/{id}': { enabled: true },
      'PATCH /api/v1/worker-templates/{id}': { description: 'x' },
      'PUT /api/v1/workers/{id}/license': { token: 'abc' },
      'PUT /api/v1/workers/{id}/idle-policy': { values: {} },
      'PUT /api/v1/reaper/policies/{id}': { name: 'x' },
    };
    for (const [route] of operations.filter(([name]) => name.includes('{id}'))) {
      const body =
        bodies[route] ?? (methodOf(route) === 'POST' ? bodies[route.split('/').at(-1) ?? ''] : undefined);
      const missing = await app.admin.send(methodOf(route), pathOf(route), body);
      expect([route, missing.status, missing.body.code]).toEqual([
        route,
        404,
        expect.stringMatching(
          /^(worker|run|policy|api-key|worker-template|webhook|operation|orphan|topology|license-pool|simulation|role-binding|assignment|request)-not-found$/,
        ),
      ]);
      const wrong = await app.admin.send(methodOf(route), pathOf(route, 'seven'), body);
      expect([route, wrong.status, wrong.body.errors?.[0]?.pointer]).toEqual([route, 422, '/path/id']);
    }
  });

  it('that takes a query refuses unknown parameters by name', async () => {
    const withQuery = operations.filter(([, { parameters = [] }]) =>
      parameters.some((p) => p.in === 'query'),
    );
    expect(withQuery.length).toBeGreaterThan(4);
    for (const [route] of withQuery) {
      const answer = await app.admin.send(methodOf(route), `${pathOf(route)}?nonsense=1`);
      expect([route, answer.status, answer.body.errors]).toEqual([
        route,
        422,
        expect.arrayContaining([expect.objectContaining({ pointer: '/query/nonsense' })]),
      ]);
    }
  });

  it('that takes a body answers problems with pointers to what is wrong with it, never 5xx', async () => {
    const withBody = operations.filter(([, { requestBody }]) => requestBody);
    expect(withBody.map(([route]) => route)).toHaveLength(40);
    for (const [route] of withBody) {
      const send = (body: unknown, headers = {}) =>
        app.admin.send(methodOf(route), pathOf(route), body, headers);
      const unknown = await send({ nonsense: 1 });
      expect([route, unknown.status, unknown.headers.get('content-type')]).toEqual([
        route,
        422,
        expect.stringContaining('application/problem+json'),
      ]);
      expect(unknown.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toContain('/nonsense');
      expect((await send('{"name":')).body.code).toBe('malformed-json');
      expect((await send('name=x', { 'content-type': 'text/plain' })).body.code).toBe(
        'unsupported-media-type',
      );
      expect((await send({ name: 'x'.repeat(300_000) })).body.code).toBe('body-too-large');
      expect((await send([])).status).toBe(422);
    }
  });

  it('survives whatever is sent to it', async () => {
    const value = fc.jsonValue({ maxDepth: 2 });
    const fields = [
      'name',
      'awsRegion',
      'instanceType',
      'amiId',
      'tags',
      'reason',
      'minutes',
      'until',
      'role',
      'force',
    ];
    const body = fc.oneof(value, fc.dictionary(fc.constantFrom(...fields), value));
    const text = fc.string({ maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...operations.map(([route]) => route)),
        body,
        fc.oneof(fc.constant(UNKNOWN_ID), text.map(encodeURIComponent)),
        fc.dictionary(
          fc.constantFrom('limit', 'cursor', 'sort', 'status', 'tag', 'at', 'type', 'q', 'after'),
          text,
        ),
        async (route, given, id, query) => {
          const search = new URLSearchParams(query).toString();
          const sent = methodOf(route) === 'GET' || methodOf(route) === 'DELETE' ? undefined : given;
          const path = `${pathOf(route, id === '' ? 'x' : id)}?${search}`;
          const { status, headers } = await app.admin.send(methodOf(route), path, sent);
          if (status >= 500) throw new Error(`${route} answered ${status}`);
          if (status >= 400) expect(headers.get('content-type')).toContain('application/problem+json');
        },
      ),
      { numRuns: 600 },
    );
  });
});
