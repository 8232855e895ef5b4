import { Controller, Get, Logger, Post } from '@nestjs/common';
import { RequiresRole } from './access.decorators';
import { type HttpApp, keyOf, startHttpApp } from './testing/http-app';

@RequiresRole('viewer')
@Controller('api/v1/logged')
class LoggedController {
  private readonly logger = new Logger('Logged');

  @Get(':id')
  show(): object {
    this.logger.log({ headers: { authorization: 'Bearer x', accept: 'y' } }, 'inside');
    return {};
  }

  @Post()
  fail(): never {
    throw new Error('broken');
  }
}

describe('the request log', () => {
  let http: HttpApp;
  beforeAll(async () => {
    http = await startHttpApp({ controllers: [LoggedController] });
  });
  afterAll(() => http.close());
  beforeEach(() => {
    http.log.length = 0;
  });

  const requestLines = () => http.log.filter(({ msg }) => msg === 'request answered');

  it('has one line per request, with the route and the caller, and no query or header', async () => {
    const headers = { 'X-Correlation-Id': 'corr-1', Cookie: 'c=d' };
    await http.call('GET', '/api/v1/logged/7?token=hidden', { as: 'viewer', headers });
    expect(requestLines()).toEqual([
      {
        level: 30,
        time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        pid: expect.any(Number) as number,
        hostname: expect.any(String) as string,
        correlationId: 'corr-1',
        method: 'GET',
        route: '/api/v1/logged/:id',
        status: 200,
        durationMs: expect.any(Number) as number,
        actor: 'api-key:key-of-viewer',
        msg: 'request answered',
      },
    ]);
    expect(JSON.stringify(http.log)).not.toMatch(new RegExp(`hidden|c=d|${keyOf('viewer')}`));
  });

  it('gives the correlation id to each line that is written meanwhile, and strikes out secrets', async () => {
    await http.call('GET', '/api/v1/logged/7', { as: 'viewer', headers: { 'X-Correlation-Id': 'corr-2' } });
    const inside = http.log.filter(({ msg }) => msg === 'inside');
    expect(inside).toEqual([
      expect.objectContaining({
        correlationId: 'corr-2',
        context: 'Logged',
        headers: { authorization: '[secret]', accept: 'y' },
      }),
    ]);
  });

  it('has a line for what never reaches a route', async () => {
    await http.call('POST', '/api/v1/logged', { as: 'viewer', body: '{' });
    await http.call('GET', '/api/v1/unknown', {});
    expect(requestLines().map(({ route, status, actor }) => [route, status, actor])).toEqual([
      ['/api/v1/logged', 400, 'api-key:key-of-viewer'],
      ['/api/v1/unknown', 401, null],
    ]);
  });

  it('stays at info for a fault, which has its own line', async () => {
    await http.call('POST', '/api/v1/logged', { as: 'viewer' });
    expect(requestLines()).toEqual([expect.objectContaining({ level: 30, status: 500 })]);
    expect(requestLines()[0]).not.toHaveProperty('err');
  });

  it('has health checks at debug', async () => {
    await http.call('GET', '/health/live');
    expect(requestLines()).toEqual([expect.objectContaining({ level: 20, route: '/health/live' })]);
  });

  it('makes a correlation id where none is acceptable', async () => {
    for (const given of ['', 'a b', 'x'.repeat(129), 'a"b']) {
      const { headers } = await http.call('GET', '/health/live', { headers: { 'X-Correlation-Id': given } });
      expect(headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
    const { headers } = await http.call('GET', '/health/live', { headers: { 'X-Correlation-Id': 'mine' } });
    expect(headers.get('x-correlation-id')).toBe('mine');
  });
});
