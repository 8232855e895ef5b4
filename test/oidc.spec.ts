import {
  AUDIENCE,
  DISCOVERY,
  json,
  KEYS,
  startTestIssuer,
  type TestIssuer,
} from '../src/access/testing/test-issuer';
import { HOUR, MINUTE } from '../src/kernel/clocks';
import { eventually } from './support/eventually';
import { type MemoryApp, startMemoryApp } from './support/memory-app';
import { connect } from './support/sse-client';

describe('people with an access token of the identity provider', () => {
  let issuer: TestIssuer;
  let app: MemoryApp;
  beforeAll(async () => {
    issuer = await startTestIssuer();
    app = await startMemoryApp({
      FLEET_OIDC_ISSUER: issuer.url,
      FLEET_OIDC_AUDIENCE: AUDIENCE,
      FLEET_OIDC_GROUPS_CLAIM: 'realm_access.roles',
      FLEET_OIDC_CLIENT_ID: 'swagger',
    });
  });
  afterAll(async () => {
    await app.close();
    await issuer.close();
  });
  afterEach(() => issuer.answers.clear());

  const inGroups = (...roles: string[]) => ({ realm_access: { roles } });
  const bind = async (body: object) =>
    (await app.admin.post('/api/v1/role-bindings', body)).body.id as string;
  const unbind = (id: string) => app.admin.delete(`/api/v1/role-bindings/${id}`);

  it('are recognised, and see nothing while nothing is given to them', async () => {
    const ann = app.as(await issuer.token(app.clock.now(), { preferred_username: 'Ann A.' }));
    expect(await ann.get('/api/v1/me')).toMatchObject({
      status: 200,
      body: {
        ...{ actor: 'user:ann', name: 'Ann A.', quota: { workers: 2 }, assignments: [] },
        grants: [{ role: 'user', scope: { workerIds: [] } }],
      },
    });
    expect(await ann.get('/api/v1/api-keys')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it('may do what their groups are bound to, at once, and no longer when that is taken back', async () => {
    const token = await issuer.token(app.clock.now(), inGroups('ops', 'lab'));
    const ann = app.as(token);
    expect((await ann.get('/api/v1/role-bindings')).status).toBe(403);
    const id = await bind({ group: 'ops', role: 'admin' });
    await bind({ group: 'lab', role: 'viewer', scope: { regions: ['us-east-1'] } });
    const made = await ann.post('/api/v1/role-bindings', { group: 'more', role: 'viewer' });
    expect(made).toMatchObject({ status: 201, body: { createdBy: 'user:ann' } });
    expect((await ann.get('/api/v1/me')).body.grants).toHaveLength(2);

    const stream = await connect({ url: `${app.admin.url}/api/v1/events/stream`, key: token });
    const types: string[] = [];
    const watching = (async () => {
      for await (const { event } of stream) types.push(event);
    })();
    expect((await unbind(id)).status).toBe(204);
    expect(await ann.get('/api/v1/role-bindings')).toMatchObject({
      ...{ status: 403, body: { code: 'forbidden', role: 'viewer' } },
    });
    await watching;
    expect(stream.endedBy).toBe('server');
  });

  it('are no longer recognised when the token ends', async () => {
    const ann = app.as(await issuer.token(app.clock.now()));
    expect((await ann.get('/api/v1/me')).status).toBe(200);
    app.clock.advance(5 * MINUTE + 30_000);
    expect(await ann.get('/api/v1/me')).toMatchObject({
      ...{ status: 401, body: { code: 'unauthenticated' } },
    });
  });

  it('do not learn why a token is refused', async () => {
    const now = app.clock.now();
    const forger = await issuer.newKey('first');
    const answers = new Set<string>();
    for (const token of [
      ...[await issuer.token(now, { aud: 'other' }), await issuer.token(now, { iss: 'http://other' })],
      ...[await issuer.token(now, { exp: 1 }), await issuer.token(now, {}, { key: forger })],
      ...[await issuer.token(now, { nonce: 'n' }, { typ: 'JWT' }), 'a.b.c', 'no-key'],
    ]) {
      const { status, headers, body } = await app.as(token).get('/api/v1/me', { 'x-correlation-id': 'same' });
      answers.add(JSON.stringify([status, headers.get('www-authenticate'), body]));
    }
    expect([...answers]).toHaveLength(1);
    expect([...answers][0]).toContain('[401,');
  });

  it('wait while a new key of the provider cannot be had, but not where none needs a token', async () => {
    app.clock.advance(HOUR);
    issuer.answers.set(KEYS, json(500, {}));
    const known = app.as(await issuer.token(app.clock.now()));
    expect((await known.get('/api/v1/me')).status).toBe(200);
    const unknown = app.as(await issuer.token(app.clock.now(), {}, { key: await issuer.newKey('next') }));
    const refused = await unknown.get('/api/v1/me');
    expect(refused).toMatchObject({ status: 503, body: { code: 'identity-unavailable' } });
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(refused.headers.get('www-authenticate')).toBeNull();
    expect((await unknown.get('/api/v1/nothing-here')).status).toBe(503);
    expect((await unknown.get('/health/live')).status).toBe(200);
    expect((await app.admin.get('/api/v1/me')).status).toBe(200);
    expect((await known.get('/api/v1/me')).status).toBe(200);
  });

  it('leave nothing of their tokens in the log', async () => {
    const good = await issuer.token(app.clock.now());
    const bad = await issuer.token(app.clock.now(), { aud: 'other' });
    for (const token of [good, bad]) await app.as(token).get('/api/v1/me');
    await eventually(() =>
      expect(app.log.filter((line) => line.includes('/api/v1/me')).length).toBeGreaterThan(1),
    );
    for (const part of [good, bad].flatMap((token) => token.split('.').slice(1))) {
      expect(app.log.join('\n')).not.toContain(part);
    }
    expect(app.log.join('\n')).not.toContain('eyJ');
  });

  describe('sign in on the page of the documentation', () => {
    const scriptOf = async () => (await app.as(null).get('/docs/swagger-ui-init.js')).body as string;

    it('by code and PKCE at the provider, which it may talk to besides us', async () => {
      const page = await app.as(null).get('/docs');
      expect(page.body).toContain('swagger-ui');
      const policy = page.headers.get('content-security-policy')?.split(';');
      expect(policy).toContain(`connect-src 'self' ${issuer.url}`);
      expect(policy?.filter((directive) => directive.includes(issuer.url))).toHaveLength(1);
      expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin-allow-popups');
      const back = await app.as(null).get('/docs/oauth2-redirect.html');
      expect(back.status).toBe(200);
      expect(back.headers.get('cross-origin-opener-policy')).toBe('unsafe-none');
      const script = await scriptOf();
      expect(script).toContain(`"authorizationUrl": "${issuer.url}/authorize"`);
      expect(script).toContain(`"tokenUrl": "${issuer.url}/token"`);
      expect(script).toContain('"clientId": "swagger"');
      expect(script).toContain('"usePkceWithAuthorizationCodeGrant": true');
    });

    it('while the document stays what it is, and other pages talk to nobody', async () => {
      const { body, headers } = await app.as(null).get('/docs/openapi.json');
      expect(Object.keys(body.components.securitySchemes as object)).toEqual(['api-key']);
      expect(JSON.stringify(body)).not.toContain(issuer.url);
      expect(headers.get('content-security-policy')).toContain(issuer.url);
      const { headers: others } = await app.as(null).get('/problems/forbidden');
      expect(others.get('content-security-policy')).not.toContain(issuer.url);
      expect(others.get('cross-origin-opener-policy')).toBe('same-origin');
    });

    it('not while the provider does not tell where: the page is there all the same', async () => {
      app.clock.advance(MINUTE);
      issuer.answers.set(DISCOVERY, json(500, {}));
      const asked = issuer.asked.length;
      expect(await scriptOf()).not.toContain('authorizationUrl');
      expect(await scriptOf()).toContain('"api-key"');
      expect(issuer.asked.length).toBe(asked + 1);
    });
  });
});
