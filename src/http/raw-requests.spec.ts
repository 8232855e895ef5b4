import { connect } from 'node:net';
import { Body, Controller, Get, Post } from '@nestjs/common';
import { z } from 'zod';
import { RequiresRole } from './access.decorators';
import { type HttpApp, keyOf, startHttpApp } from './testing/http-app';

@Controller('api/v1/rooms')
class RoomsController {
  @RequiresRole('admin')
  @Post()
  create(@Body({ schema: z.strictObject({ name: z.string() }) }) body: object): object {
    return body;
  }

  @RequiresRole('viewer')
  @Get()
  list(): object {
    return { items: [] };
  }
}

let http: HttpApp;
beforeAll(async () => {
  http = await startHttpApp({ controllers: [RoomsController] });
});
afterAll(() => http.close());
beforeEach(() => {
  http.log.length = 0;
});

/** Writes bytes as they are, and answers all that comes back until the server ends, or says nothing more for a while. */
function raw(...lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(http.url).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => (answer += text));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
    socket.end(lines.join('\r\n'), 'latin1');
  });
}

const HEAD = ['POST /api/v1/rooms HTTP/1.1', 'Host: fleet', `Authorization: Bearer ${keyOf('admin')}`];
const JSON_TYPE = 'Content-Type: application/json';
const HIDDEN = 'GET /api/v1/rooms HTTP/1.1\r\nHost: fleet\r\n\r\n';
const statusesOf = (answer: string) =>
  [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => status);

describe('two readings of where a request ends', () => {
  it('is a request in order, which the cases below would be but for what they state', async () => {
    const body = '{"name":"a"}';
    const answer = await raw(
      ...HEAD,
      JSON_TYPE,
      `Content-Length: ${body.length}`,
      'Connection: close',
      '',
      body,
    );
    expect(statusesOf(answer)).toEqual(['201']);
    const chunked = await raw(...HEAD, JSON_TYPE, 'Transfer-Encoding: chunked', '', 'c', body, '0', '', '');
    expect(statusesOf(chunked)).toEqual(['201']);
  });

  it.each<[string, string[]]>([
    ['a length beside chunks', ['Content-Length: 4', 'Transfer-Encoding: chunked', '', '0', '', HIDDEN]],
    ['chunks beside a length', ['Transfer-Encoding: chunked', 'Content-Length: 4', '', '0', '', HIDDEN]],
    ['two lengths', ['Content-Length: 2', 'Content-Length: 40', '', `{}${HIDDEN}`]],
    ['a list of lengths', ['Content-Length: 2, 2', '', `{}${HIDDEN}`]],
    ['a length with a sign', ['Content-Length: +2', '', `{}${HIDDEN}`]],
    ['a length in hexadecimal', ['Content-Length: 0x2', '', `{}${HIDDEN}`]],
    [
      'an encoding that is not chunked at its end',
      ['Transfer-Encoding: chunked, identity', '', '0', '', HIDDEN],
    ],
    ['an encoding of no name', ['Transfer-Encoding: xchunked', '', '0', '', HIDDEN]],
    ['a blank before the colon', ['Content-Length : 2', '', `{}${HIDDEN}`]],
    ['a folded header', ['X-A: b', ' Content-Length: 2', '', `{}${HIDDEN}`]],
    ['a line that ends without CR', ['X-A: b\nContent-Length: 2', '', `{}${HIDDEN}`]],
    ['a NUL in a header', ['X-A: b\0c', 'Content-Length: 2', '', `{}${HIDDEN}`]],
    ['a chunk whose size is no number', ['Transfer-Encoding: chunked', '', 'zz', '{}', '0', '', HIDDEN]],
    ['a chunk that is longer than its size', ['Transfer-Encoding: chunked', '', '1', '{}', '0', '', HIDDEN]],
  ])('refuses %s, and reads nothing after it', async (_, rest) => {
    const answer = await raw(...HEAD, JSON_TYPE, ...rest);
    expect(statusesOf(answer)).toEqual(['400']);
    expect(answer).toContain('Connection: close');
  });

  it('refuses a request without a host, and a line of another protocol', async () => {
    expect(statusesOf(await raw('GET /health/live HTTP/1.1', '', ''))).toEqual(['400']);
    expect(statusesOf(await raw('PRI * HTTP/2.0', '', 'SM', '', ''))).toEqual(['400']);
  });
});

describe('what a caller writes into a request', () => {
  const FORGED = '{"level":30,"msg":"forged"}';

  it('makes no line of the log, whichever header or path holds it', async () => {
    const path = `/api/v1/none%0d%0a${encodeURIComponent(FORGED)}%1b[2J`;
    await raw(
      `GET ${path} HTTP/1.1`,
      'Host: fleet',
      `X-Correlation-Id: a${FORGED}`,
      `User-Agent: ${FORGED}`,
      '',
      '',
    );
    const told = http.log.filter(({ msg }) => msg === 'request answered');
    expect(told).toMatchObject([{ route: path, status: 401, actor: null }]);
    expect(told[0]?.correlationId).toMatch(/^[\w.-]{1,128}$/);
    expect(http.log.filter(({ msg }) => msg === 'forged')).toEqual([]);
  });

  it.each(['a\tb', 'ü', 'a b', 'x'.repeat(129), '<script>'])('comes back in no header: %j', async (given) => {
    const sent = Buffer.from(given).toString('latin1');
    const answer = await raw('GET /health/live HTTP/1.1', 'Host: fleet', `X-Correlation-Id: ${sent}`, '', '');
    expect(statusesOf(answer)).toEqual(['200']);
    expect(answer).toMatch(/^X-Correlation-Id: [\w.-]{1,128}\r$/m);
    expect(answer).not.toContain(sent);
  });

  it('is not shown as anything but JSON', async () => {
    const { status, headers, body } = await http.call('GET', '/api/v1/<script>alert(1)</script>', {
      as: 'admin',
    });
    expect([status, headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8']);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(body).toMatchObject({ code: 'route-not-found' });
  });
});

describe('every answer', () => {
  it.each([
    ['GET', '/api/v1/rooms', 200],
    ['GET', '/api/v1/none', 404],
    ['GET', '/health/live', 200],
    ['GET', '/docs/', 200],
    ['GET', '/problems/forbidden', 200],
  ])(
    'has the headers that browsers go by, and none that tells of the software: %s %s',
    async (method, path, status) => {
      const answer = await http.call(method, path, { as: 'viewer' });
      expect(answer.status).toBe(status);
      const header = (name: string) => answer.headers.get(name);
      expect(header('x-content-type-options')).toBe('nosniff');
      expect(header('strict-transport-security')).toMatch(/^max-age=\d{8,}/);
      expect(header('referrer-policy')).toBe('no-referrer');
      expect(header('content-security-policy')).toMatch(/frame-ancestors '(self|none)'/);
      expect(header('content-security-policy')).toMatch(/object-src 'none'|default-src 'none'/);
      expect(header('x-frame-options')).toMatch(/SAMEORIGIN|DENY/);
      expect(header('content-type')).toMatch(/^(text\/html|application\/(problem\+)?json); charset=utf-8$/);
      expect([header('server'), header('x-powered-by'), header('set-cookie')]).toEqual([null, null, null]);
      if (path.startsWith('/api/')) expect(header('cache-control')).toBe('no-store');
    },
  );

  it.each(['PUT', 'PATCH', 'DELETE', 'TRACE', 'SEARCH'])(
    'to a method that is not in use names those that are: %s',
    async (method) => {
      const answer = await raw(
        ...[`${method} /api/v1/rooms HTTP/1.1`, 'Host: fleet', `Authorization: Bearer ${keyOf('admin')}`],
        ...['Connection: close', '', ''],
      );
      expect(statusesOf(answer)).toEqual(['405']);
      expect(answer).toContain('\r\nAllow: GET, HEAD, POST\r\n');
      expect(answer).toContain('"code":"method-not-allowed"');
    },
  );
});
