import { Controller, Get, ImATeapotException, InternalServerErrorException, Param } from '@nestjs/common';
import { DomainError, InvalidInput, PreconditionFailed, StoreUnavailable } from '../kernel/domain-error';
import { Public } from './access.decorators';
import { type HttpApp, startHttpApp } from './testing/http-app';

class Odd extends DomainError {
  readonly code = 'odd-transition';
  readonly kind = 'conflict';
}

class Refused extends DomainError {
  readonly code = 'aws-refused';
  readonly kind = 'refused';
}

const ERRORS: Record<string, () => Error> = {
  domain: () => new Odd('No.', { workerId: 'w1', correlationId: 'forged', status: 'RUNNING' }),
  invalid: () => new InvalidInput([{ pointer: '/name', message: 'is empty' }]),
  precondition: () => new PreconditionFailed('It is version 4.'),
  refused: () => new Refused('AWS said no.', { awsCode: 'OptInRequired' }),
  store: () => new StoreUnavailable('No answer.'),
  driver: () =>
    Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:27017'), { name: 'MongoNetworkError' }),
  teapot: () => new ImATeapotException('short and stout'),
  nest: () => new InternalServerErrorException('the password is hunter2'),
  unknown: () => new Error('the password is hunter2'),
};

@Public()
@Controller('failing')
class FailingController {
  @Get(':kind')
  fail(@Param('kind') kind: string): never {
    throw ERRORS[kind]?.() ?? new Error(`no error ${kind}`);
  }
}

describe('ProblemDetailsFilter', () => {
  let http: HttpApp;
  beforeAll(async () => {
    http = await startHttpApp({ controllers: [FailingController] });
  });
  afterAll(() => http.close());
  beforeEach(() => {
    http.log.length = 0;
  });

  const fail = (kind: string) =>
    http.call('GET', `/failing/${kind}?secret=1`, { headers: { 'X-Correlation-Id': 'corr-1' } });

  it('answers a domain error by its kind, with its data but no reserved member of it', async () => {
    const { status, headers, body } = await fail('domain');
    expect(status).toBe(409);
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(body).toEqual({
      type: '/problems/odd-transition',
      title: 'odd transition',
      status: 409,
      detail: 'No.',
      instance: '/failing/domain',
      code: 'odd-transition',
      correlationId: 'corr-1',
      workerId: 'w1',
    });
    expect(problemLines()).toEqual([]);
  });

  it('lists each fault of invalid input', async () => {
    expect(await fail('invalid')).toMatchObject({
      status: 422,
      body: { code: 'invalid-input', errors: [{ pointer: '/name', message: 'is empty' }] },
    });
  });

  it.each([
    ['precondition', 412, 'precondition-failed'],
    ['refused', 502, 'aws-refused'],
    ['store', 503, 'store-unavailable'],
    ['teapot', 418, 'bad-request'],
  ])('answers %s with %i %s', async (kind, status, code) => {
    expect(await fail(kind)).toMatchObject({ status, body: { status, code } });
  });

  it('says when to come back', async () => {
    expect((await fail('store')).headers.get('retry-after')).toBe('5');
  });

  it('takes a network error of the driver for an unavailable store, without its address', async () => {
    const { status, body } = await fail('driver');
    expect(status).toBe(503);
    expect(body).toMatchObject({ code: 'store-unavailable', detail: 'The database does not answer.' });
    expect(problemLines()).toEqual([expect.objectContaining({ level: 40, correlationId: 'corr-1' })]);
  });

  it.each(['unknown', 'nest'])(
    'tells nothing about a fault (%s) and logs it once as an error',
    async (kind) => {
      const { status, body } = await fail(kind);
      expect(status).toBe(500);
      expect(body).toMatchObject({ code: 'internal-error', correlationId: 'corr-1' });
      expect(JSON.stringify(body)).not.toMatch(/hunter2|at .*\.ts/);
      const errors = http.log.filter(({ level }) => (level as number) >= 40);
      expect(errors).toEqual([
        expect.objectContaining({ level: 50, correlationId: 'corr-1', context: 'Problems' }),
      ]);
      expect(errors[0]).toHaveProperty('err.message', 'the password is hunter2');
    },
  );

  it('answers paths that do not exist with 404', async () => {
    expect(await http.call('GET', '/nowhere')).toMatchObject({
      status: 404,
      body: { code: 'route-not-found' },
    });
  });

  it.each(['POST', 'DELETE', 'PATCH'])(
    'answers %s where only others are taken with 405 and those',
    async (method) => {
      const { status, headers, body } = await http.call(method, '/failing/domain');
      expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
      expect(body).toMatchObject({
        code: 'method-not-allowed',
        detail: `${method} is not for this path. It takes GET, HEAD.`,
      });
    },
  );

  it('serves a page for each problem, without scripts, and 404 for others', async () => {
    const { status, headers, body } = await http.call('GET', '/problems/version-conflict');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(body).toContain('<h1>Changed at the same moment</h1>');
    expect(body).not.toContain('<script');
    expect(await http.call('GET', '/problems/toString')).toMatchObject({
      status: 404,
      body: { code: 'problem-not-found' },
    });
  });

  const problemLines = () => http.log.filter(({ context }) => context === 'Problems');
});
