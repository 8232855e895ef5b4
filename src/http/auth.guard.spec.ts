import { Controller, Get } from '@nestjs/common';
import { type Role } from '../kernel/principal';
import { type Reach } from '../kernel/reach';
import { OfAllLabs, OfWorker, Public, RequiresRole, Scoped } from './access.decorators';
import { CallerReach } from './caller';
import { type HttpApp, keyOf, startHttpApp } from './testing/http-app';
import { FakeWorkerGate } from './testing/fake-worker-gate';

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

  @RequiresRole('operator')
  @Scoped()
  @Get('scoped')
  scoped(@CallerReach() reach: Reach): object {
    return { reach };
  }

  @RequiresRole('operator')
  @OfWorker()
  @Get('of-worker/:id')
  ofWorker(@CallerReach() reach: Reach): object {
    return { reach };
  }

  @RequiresRole('operator')
  @OfWorker()
  @OfAllLabs()
  @Get('all-labs/:id')
  allLabs(): object {
    return {};
  }

  @RequiresRole('operator', { orUser: true })
  @OfWorker()
  @Get('or-user/:id')
  orUser(@CallerReach() reach: Reach): object {
    return { reach };
  }

  @Get('undecorated')
  undecorated(): object {
    return {};
  }
}

describe('AuthGuard', () => {
  let http: HttpApp;
  beforeAll(async () => {
    const workerGate = new FakeWorkerGate({ id: 'w1', awsRegion: 'us-east-1', tags: {} });
    http = await startHttpApp({ workerGate, controllers: [DoorsController] });
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

  it('tells only callers with a key which methods a path of the API takes', async () => {
    const hidden = await http.call('DELETE', '/api/v1/doors/public');
    expect([hidden.status, hidden.headers.get('allow')]).toEqual([401, null]);
    const shown = await http.call('DELETE', '/api/v1/doors/public', { as: 'viewer' });
    expect([shown.status, shown.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  describe('with a caller who has a part of the fleet only', () => {
    const limited = (path: string, role: Role = 'operator') =>
      http.call('GET', `/api/v1/doors/${path}`, { headers: { Authorization: `Bearer ${keyOf(role)}@w1` } });

    it('opens routes that apply the reach, and tells them', async () => {
      expect(await limited('scoped')).toMatchObject({
        status: 200,
        body: { reach: [{ workerIds: ['w1'] }] },
      });
      expect(await http.call('GET', '/api/v1/doors/scoped', { as: 'admin' })).toMatchObject({
        body: { reach: 'fleet' },
      });
    });

    it('refuses what is about all of the fleet', async () => {
      expect(await limited('operators')).toMatchObject({ status: 403, body: { code: 'scope-too-small' } });
    });

    it('shows no worker but his own', async () => {
      expect(await limited('of-worker/w1')).toMatchObject({ status: 200 });
      expect(await limited('of-worker/w2')).toMatchObject({
        status: 404,
        body: { code: 'worker-not-found' },
      });
    });

    it('opens what is about all labs of a worker to nobody who has some of them', async () => {
      expect(await limited('all-labs/w1')).toMatchObject({ status: 200 });
      expect(await limited('all-labs/w2')).toMatchObject({ status: 404 });
      const someLabs = { headers: { Authorization: `Bearer ${keyOf('operator')}@w1/l1` } };
      expect(await http.call('GET', '/api/v1/doors/of-worker/w1', someLabs)).toMatchObject({ status: 200 });
      expect(await http.call('GET', '/api/v1/doors/all-labs/w1', someLabs)).toMatchObject({
        ...{ status: 403, body: { code: 'scope-too-small' } },
      });
      expect(await http.call('GET', '/api/v1/doors/all-labs/w2', someLabs)).toMatchObject({ status: 404 });
    });

    it('opens what operators or users do to both, and not to viewers', async () => {
      for (const role of ['user', 'operator', 'admin'] as const) {
        expect(await limited('or-user/w1', role)).toMatchObject({
          status: 200,
          body: { reach: [{ workerIds: ['w1'] }] },
        });
        expect(await limited('or-user/w2', role)).toMatchObject({ status: 404 });
      }
      expect(await limited('or-user/w1', 'viewer')).toMatchObject({
        ...{ status: 403, body: { code: 'forbidden', requiredRole: 'operator' } },
      });
    });

    it('opens it to who has one lab of the worker, too', async () => {
      const someLabs = { headers: { Authorization: `Bearer ${keyOf('user')}@w1/l1` } };
      expect(await http.call('GET', '/api/v1/doors/or-user/w1', someLabs)).toMatchObject({ status: 200 });
    });

    it('asks for the role before it looks for the worker', async () => {
      expect(await limited('of-worker/w2', 'viewer')).toMatchObject({
        status: 403,
        body: { code: 'forbidden' },
      });
    });
  });
});
