import { Controller, Get } from '@nestjs/common';
import { SECOND } from '../kernel/clocks';
import { RequiresRole } from './access.decorators';
import { type HttpApp, startHttpApp } from './testing/http-app';

@RequiresRole('viewer')
@Controller('api/v1/limited')
class LimitedController {
  @Get('a')
  a(): object {
    return {};
  }

  @Get('b')
  b(): object {
    return {};
  }
}

describe('RateLimitGuard', () => {
  let http: HttpApp;
  beforeEach(async () => {
    http = await startHttpApp({ controllers: [LimitedController], rateLimitPerMinute: 3 });
  });
  afterEach(() => http.close());

  const get = async (path: string, as?: 'viewer' | 'admin') =>
    (await http.call('GET', path, as ? { as } : {})).status;

  it('counts all requests of a key in a minute, over all routes, and each key for itself', async () => {
    expect(await get('/api/v1/limited/a', 'viewer')).toBe(200);
    http.clock.advance(20 * SECOND);
    expect(await get('/api/v1/limited/b', 'viewer')).toBe(200);
    expect(await get('/api/v1/limited/a', 'viewer')).toBe(200);
    const { status, headers, body } = await http.call('GET', '/api/v1/limited/a', { as: 'viewer' });
    expect([status, headers.get('retry-after')]).toEqual([429, '40']);
    expect(body).toMatchObject({
      code: 'too-many-requests',
      detail: 'More than 3 requests a minute. Try again in 40 s.',
    });
    expect(await get('/api/v1/limited/a', 'admin')).toBe(200);

    http.clock.advance(40 * SECOND);
    expect(await get('/api/v1/limited/a', 'viewer')).toBe(200);
  });

  it('counts callers without a key by their address, before it asks for one', async () => {
    for (const expected of [401, 401, 401, 429]) expect(await get('/api/v1/limited/a')).toBe(expected);
  });

  it('takes a proxy at its word about the address if it is trusted, and nobody else', async () => {
    const from = async (address: string) => {
      const headers = { 'X-Forwarded-For': address };
      return (await http.call('GET', '/api/v1/limited/a', { headers })).status;
    };
    for (const expected of [401, 401, 401, 429]) expect(await from('192.0.2.1')).toBe(expected);
    expect(await from('192.0.2.2')).toBe(429);
    await http.close();
    const controllers = [LimitedController];
    http = await startHttpApp({ controllers, rateLimitPerMinute: 3, trustedProxies: ['127.0.0.0/8'] });
    for (const expected of [401, 401, 401, 429]) expect(await from('192.0.2.1')).toBe(expected);
    // what a client put before it counts for nothing
    expect(await from('198.51.100.9, 192.0.2.1')).toBe(429);
    expect(await from('192.0.2.2')).toBe(401);
  });

  it('leaves out the health checks', async () => {
    for (const expected of [200, 200, 200, 200]) expect(await get('/health/live')).toBe(expected);
  });
});
