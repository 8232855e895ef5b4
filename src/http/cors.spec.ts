import { Controller, Get, Post } from '@nestjs/common';
import { RequiresRole } from './access.decorators';
import { type HttpApp, startHttpApp } from './testing/http-app';

const PORTAL = 'https://portal.example.com';
const OTHER = 'https://evil.example.com';
const PATH = '/api/v1/things';

@RequiresRole('viewer')
@Controller('api/v1/things')
class ThingsController {
  @Get()
  get(): object {
    return {};
  }

  @Post()
  post(): object {
    return {};
  }
}

describe('pages of other origins', () => {
  let http: HttpApp;
  afterEach(() => http.close());

  const start = async (corsOrigins?: string[]) => {
    http = await startHttpApp({ controllers: [ThingsController], ...(corsOrigins && { corsOrigins }) });
  };
  const preflight = (Origin: string) =>
    http.call('OPTIONS', PATH, {
      headers: {
        Origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,idempotency-key',
      },
    });
  const corsHeaders = (headers: Headers) =>
    [...headers.keys()].filter((name) => name.startsWith('access-control-')).sort();

  it('are shut out by default', async () => {
    await start();
    const asked = await preflight(PORTAL);
    expect([asked.status, corsHeaders(asked.headers)]).toEqual([401, []]);
    const got = await http.call('GET', PATH, { as: 'viewer', headers: { Origin: PORTAL } });
    expect([got.status, corsHeaders(got.headers)]).toEqual([200, []]);
  });

  it('may use the API if their origin is named, by keys that they have, and see what they need', async () => {
    await start(['https://first.example.com', PORTAL]);
    const asked = await preflight(PORTAL);
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(PORTAL);
    expect(asked.headers.get('access-control-allow-headers')).toMatch(/Authorization.*Idempotency-Key/);
    expect(asked.headers.get('access-control-allow-methods')).toBe('GET,POST,PUT,PATCH,DELETE');
    expect(asked.headers.get('access-control-max-age')).toBe('600');
    const got = await http.call('GET', PATH, { as: 'viewer', headers: { Origin: PORTAL } });
    expect(got.headers.get('access-control-allow-origin')).toBe(PORTAL);
    expect(got.headers.get('access-control-expose-headers')).toContain('Retry-After');
    expect(got.headers.get('vary')).toContain('Origin');
    // a refusal must be readable, too
    const refused = await http.call('GET', PATH, { headers: { Origin: PORTAL } });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, PORTAL]);
  });

  it.each([OTHER, 'null', `${PORTAL}.evil.example.com`, 'http://portal.example.com', `${PORTAL}:8443`])(
    'are shut out if their origin is another: %s',
    async (origin) => {
      await start([PORTAL]);
      expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull();
      const got = await http.call('GET', PATH, { as: 'viewer', headers: { Origin: origin } });
      expect(got.headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it('never get what a browser adds by itself, and never everybody does', async () => {
    await start([PORTAL]);
    for (const { headers } of [await preflight(PORTAL), await preflight(OTHER)]) {
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(headers.get('access-control-allow-origin')).not.toBe('*');
    }
  });
});
