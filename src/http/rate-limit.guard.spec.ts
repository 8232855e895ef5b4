import { Controller, Get } from '@nestjs/common';
import { SECOND } from '../kernel/clocks';
import { Public, RequiresRole } from './access.decorators';
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

@Public()
@Controller('open')
class OpenController {
  @Get()
  open(): object {
    return {};
  }
}

describe('RateLimitGuard', () => {
  let http: HttpApp;
  beforeEach(async () => {
    http = await startHttpApp({ controllers: [LimitedController, OpenController], rateLimitPerMinute: 3 });
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

  it('tells how much of the minute’s requests is left', async () => {
    http.clock.advance(1);
    await get('/api/v1/limited/a', 'viewer');
    http.clock.advance(20 * SECOND);
    const { headers } = await http.call('GET', '/api/v1/limited/a', { as: 'viewer' });
    expect(['limit', 'remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}`))).toEqual([
      '3',
      '1',
      '40',
    ]);
  });

  it('counts callers without a key by their address, on open routes too', async () => {
    for (const expected of [200, 200, 200, 429]) expect(await get('/open')).toBe(expected);
    expect(await get('/open', 'viewer')).toBe(200);
  });

  it('leaves out the health checks', async () => {
    for (const expected of [200, 200, 200, 200]) expect(await get('/health/live')).toBe(expected);
  });
});
