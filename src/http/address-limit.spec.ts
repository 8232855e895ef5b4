import { Controller, Get, Logger } from '@nestjs/common';
import { ManualClock, MINUTE, SECOND } from '../kernel/clocks';
import { Public, RequiresRole } from './access.decorators';
import { AddressLimit } from './address-limit';
import { DomainError } from '../kernel/domain-error';
import { Authenticator } from './authenticator';
import { type HttpApp, startHttpApp } from './testing/http-app';

@Controller()
class Routes {
  @Get('api/v1/needs-a-key')
  @RequiresRole('viewer')
  keyed(): object {
    return {};
  }

  @Get('open')
  @Public()
  open(): object {
    return {};
  }
}

describe('AddressLimit', () => {
  const clock = new ManualClock(new Date('2027-01-01T12:00:00Z'));
  let limit: AddressLimit;
  beforeEach(() => {
    jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    limit = new AddressLimit(clock, 2);
  });

  afterEach(() => jest.restoreAllMocks());

  it('shuts an address out until its minute is over, and no other', () => {
    limit.count('192.0.2.1');
    clock.advance(20 * SECOND);
    expect(limit.refusal('192.0.2.1')).toBeNull();
    limit.count('192.0.2.1');
    expect(limit.refusal('192.0.2.1')?.retryAfterSeconds).toBe(40);
    expect(limit.refusal('192.0.2.2')).toBeNull();
    clock.advance(40 * SECOND);
    expect(limit.refusal('192.0.2.1')).toBeNull();
  });

  it('takes an IPv6 network of one host for one address, and IPv4 in its notation for itself', () => {
    limit.count('2001:db8:1:2::1');
    limit.count('2001:db8:1:2:ffff::2');
    limit.count('::ffff:192.0.2.1');
    limit.count('192.0.2.1');
    expect(limit.refusal('2001:db8:1:2:3:4:5:6')).not.toBeNull();
    expect(limit.refusal('2001:db8:1:3::1')).toBeNull();
    expect(limit.refusal('192.0.2.1')).not.toBeNull();
    expect(limit.refusal('::ffff:192.0.2.2')).toBeNull();
  });
});

describe('requests without valid credentials', () => {
  let http: HttpApp;
  const start = async (options: { trustedProxies?: string[] } = {}) => {
    http = await startHttpApp({ controllers: [Routes], addressRateLimitPerMinute: 3, ...options });
  };
  beforeEach(() => start());
  afterEach(() => http.close());

  const get = async (path: string, headers: Record<string, string> = {}) =>
    (await http.call('GET', path, { headers })).status;
  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
  const KEYED = '/api/v1/needs-a-key';

  it('are counted together: missing, unknown, in another form, and for paths that are not there', async () => {
    expect(await get(KEYED)).toBe(401);
    expect(await get(KEYED, bearer('no-such-key'))).toBe(401);
    http.clock.advance(15 * SECOND);
    expect(await get('/api/v1/nowhere')).toBe(401);
    for (const headers of [{}, bearer('no-such-key'), { Authorization: 'Basic YTpi' }]) {
      const { status, headers: answered, body } = await http.call('GET', KEYED, { headers });
      expect([status, answered.get('retry-after')]).toEqual([429, '45']);
      expect(body).toMatchObject({
        code: 'too-many-requests',
        detail:
          'More than 3 requests a minute without valid credentials, from your address. Try again in 45 s.',
      });
    }
    expect(await get('/api/v1/nowhere')).toBe(429);
    http.clock.advance(45 * SECOND);
    expect(await get(KEYED)).toBe(401);
  });

  it('are counted once each, and valid ones not at all', async () => {
    for (let i = 0; i < 9; i++) expect(await get(KEYED, bearer('viewer-token'))).toBe(200);
    for (const expected of [401, 401, 401, 429]) expect(await get(KEYED, bearer('bad'))).toBe(expected);
    http.clock.advance(MINUTE);
    for (const expected of [401, 401, 401, 429]) expect(await get(KEYED)).toBe(expected);
    http.clock.advance(MINUTE);
    for (const expected of [401, 401, 401, 429]) expect(await get('/api/v1/nowhere')).toBe(expected);
  });

  it.each(['/API/v1/nowhere', '/Api/v1/nowhere?x=1', '/api', '/API?x=1'])(
    'do not tell which routes there are, however the path is written: %s',
    async (path) => {
      for (const expected of [401, 401, 401, 429]) expect(await get(path)).toBe(expected);
    },
  );

  it('shut nobody out who comes with a valid key from the same address', async () => {
    for (const expected of [401, 401, 401, 429]) expect(await get(KEYED, bearer('bad'))).toBe(expected);
    expect(await get(KEYED, bearer('viewer-token'))).toBe(200);
    // nor does a good key let bad ones in again
    for (const headers of [bearer('bad'), {}]) expect(await get(KEYED, headers)).toBe(429);
  });

  it('are refused before their body is read', async () => {
    const post = async (headers: Record<string, string>) => {
      const { status } = await http.call('POST', KEYED, { headers, body: '{ no JSON' });
      return status;
    };
    expect(await post(bearer('viewer-token'))).toBe(400);
    for (const expected of [401, 401, 401, 429]) expect(await post({})).toBe(expected);
    http.clock.advance(MINUTE);
    for (const expected of [401, 401, 401, 429]) expect(await post(bearer('bad'))).toBe(expected);
    expect(await post(bearer('viewer-token'))).toBe(400);
    // a page that is open to all reads what it is sent
    expect((await http.call('POST', '/notices/x', { body: '{ no JSON' })).status).toBe(415);
  });

  it('count against nobody while nobody can tell whether they are good', async () => {
    class Unavailable extends DomainError {
      readonly code = 'identity-unavailable';
      readonly kind = 'unavailable';
    }
    jest
      .spyOn(http.app.get(Authenticator, { strict: false }), 'authenticate')
      .mockRejectedValue(new Unavailable('none'));
    for (let i = 0; i < 5; i++) expect(await get(KEYED, bearer('some'))).toBe(503);
    expect(await get(KEYED)).toBe(401);
  });

  it('are none on open routes, which stay open to everybody', async () => {
    for (let i = 0; i < 5; i++) expect([await get('/open'), await get('/health/live')]).toEqual([200, 200]);
    for (const expected of [401, 401, 401, 429]) expect(await get(KEYED)).toBe(expected);
    expect([await get('/open'), await get('/health/live'), await get('/docs/openapi.json')]).toEqual([
      ...[200, 200, 200],
    ]);
  });

  it('are told of in the log when they shut an address out, once', async () => {
    for (let i = 0; i < 6; i++) await get(KEYED);
    const lines = http.log.filter(({ context }) => context === 'AddressLimit');
    expect(lines).toEqual([expect.objectContaining({ level: 40, address: '127.0.0.1', seconds: 60 })]);
  });

  it('count for whom a proxy names if it is trusted, and nobody else is believed', async () => {
    const from = (address: string) => get(KEYED, { 'X-Forwarded-For': address });
    for (const expected of [401, 401, 401, 429]) expect(await from('192.0.2.1')).toBe(expected);
    expect(await from('192.0.2.2')).toBe(429);
    await http.close();
    await start({ trustedProxies: ['127.0.0.0/8'] });
    for (const expected of [401, 401, 401, 429]) expect(await from('192.0.2.1')).toBe(expected);
    // what a client put before it counts for nothing
    expect(await from('198.51.100.9, 192.0.2.1')).toBe(429);
    expect(await from('192.0.2.2')).toBe(401);
  });
});
