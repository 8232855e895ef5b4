import { Controller, Get } from '@nestjs/common';
import { Public, RequiresRole } from './access.decorators';
import { type HttpApp, keyOf, startHttpApp } from './testing/http-app';

@Controller('api/v1/doors')
class DoorsController {
  @Public()
  @Get('public')
  open(): object {
    return {};
  }

  @RequiresRole('operator')
  @Get('operators')
  operators(): object {
    return {};
  }

  @Get('undecorated')
  undecorated(): object {
    return {};
  }
}

describe('AuthGuard', () => {
  let http: HttpApp;
  beforeAll(async () => {
    http = await startHttpApp({ controllers: [DoorsController] });
  });
  afterAll(() => http.close());

  it('asks for a key', async () => {
    const { status, headers, body } = await http.call('GET', '/api/v1/doors/operators');
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="cml-fleet"');
    expect(body).toMatchObject({ code: 'unauthenticated' });
  });

  it.each(['Bearer wrong', `Basic ${keyOf('admin')}`, keyOf('admin'), 'Bearer '])(
    'does not take "%s" for a key',
    async (Authorization) => {
      const { status, headers } = await http.call('GET', '/api/v1/doors/operators', {
        headers: { Authorization },
      });
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toBe('Bearer realm="cml-fleet", error="invalid_token"');
    },
  );

  it.each([
    ['viewer', 403],
    ['operator', 200],
    ['admin', 200],
  ] as const)('lets a %s through a door for operators: %i', async (as, status) => {
    expect((await http.call('GET', '/api/v1/doors/operators', { as })).status).toBe(status);
  });

  it('says which role is needed', async () => {
    expect(await http.call('GET', '/api/v1/doors/operators', { as: 'viewer' })).toMatchObject({
      body: { code: 'forbidden', role: 'viewer', requiredRole: 'operator' },
    });
  });

  it('needs an admin where a route does not say', async () => {
    expect((await http.call('GET', '/api/v1/doors/undecorated', { as: 'operator' })).status).toBe(403);
    expect((await http.call('GET', '/api/v1/doors/undecorated', { as: 'admin' })).status).toBe(200);
  });

  it('needs nothing for a public route', async () => {
    expect((await http.call('GET', '/api/v1/doors/public')).status).toBe(200);
  });

  it('tells only callers with a key that a route of the API does not exist', async () => {
    expect(await http.call('GET', '/api/v1/nothing')).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
    expect(await http.call('GET', '/api/v1/nothing', { as: 'viewer' })).toMatchObject({
      status: 404,
      body: { code: 'route-not-found' },
    });
  });
});
