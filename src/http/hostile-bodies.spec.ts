import { gzipSync } from 'node:zlib';
import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { RequiresRole } from './access.decorators';
import { type HttpApp, keyOf, startHttpApp } from './testing/http-app';

const room = z.strictObject({
  name: z.string().max(20),
  tags: z.record(z.string(), z.string()).optional(),
  seats: z.array(z.number()).max(5).optional(),
  about: z.json().optional(),
});

@Controller('api/v1/rooms')
class RoomsController {
  @RequiresRole('admin')
  @Post()
  create(@Body({ schema: room }) body: z.output<typeof room>): object {
    return { keys: Object.keys(body), tags: Object.keys(body.tags ?? {}), own: 'polluted' in {} };
  }

  @RequiresRole('admin')
  @Get()
  list(@Query({ schema: z.strictObject({ name: z.string().optional() }) }) query: object): object {
    return { keys: Object.keys(query), own: 'polluted' in {} };
  }
}

let http: HttpApp;
beforeAll(async () => {
  http = await startHttpApp({ controllers: [RoomsController] });
});
afterAll(() => http.close());

const post = (body: string, headers = {}) =>
  http.call('POST', '/api/v1/rooms', { as: 'admin', body, headers });
const KEYS = [{}, { 'Idempotency-Key': 'k' }];

describe('a body with members that are named like the prototype', () => {
  it.each(['__proto__', 'constructor', 'prototype'])('changes nothing but itself: %s', async (name) => {
    const evil = `{"${name}":{"polluted":true,"prototype":{"polluted":true}}}`;
    const bodies = [
      `{"name":"a","${name}":{"polluted":true}}`,
      `{"name":"a","tags":${evil}}`,
      `{"name":"a","tags":{"${name}":"b"}}`,
      `{"name":"a","about":[${evil}]}`,
      `[${evil}]`,
    ];
    for (const body of bodies) {
      for (const headers of KEYS) {
        const answer = await post(body, headers);
        expect([201, 422]).toContain(answer.status);
        if (answer.status === 201) expect(answer.body).toMatchObject({ tags: [], own: false });
      }
    }
    expect(Object.prototype).not.toHaveProperty('polluted');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it.each([
    '__proto__[polluted]=1',
    'name[__proto__][polluted]=1',
    'constructor.prototype.polluted=1',
    '__proto__=1',
  ])('nor does a query: %s', async (query) => {
    const { status } = await http.call('GET', `/api/v1/rooms?${query}`, { as: 'admin' });
    expect([200, 422]).toContain(status);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('what a database would take for more than a value', () => {
  it.each([
    '{"name":{"$ne":null}}',
    '{"name":["a"]}',
    '{"name":"a","tags":{"x":{"$gt":""}}}',
    '{"$where":"1"}',
  ])('is refused in a body: %s', async (body) => {
    expect((await post(body)).status).toBe(422);
  });

  it.each(['name[$ne]=a', 'name[]=a', 'name=a&name=b', '$where=1'])(
    'is refused in a query: %s',
    async (query) => {
      const { status } = await http.call('GET', `/api/v1/rooms?${query}`, { as: 'admin' });
      expect(status).toBe(422);
    },
  );
});

describe('a body that is small, and much to do', () => {
  const deep = (open: string, close: string, times: number) =>
    `{"name":"a","about":${open.repeat(times)}1${close.repeat(times)}}`;

  it('may be nested as deep as any that is meant', async () => {
    expect((await post(deep('[', ']', 30))).status).toBe(201);
  });

  it.each([
    ['lists', deep('[', ']', 100_000)],
    ['objects', deep('{"a":', '}', 40_000)],
    ['one level more than is taken', deep('[', ']', 32)],
  ])('is refused where it is nested deeper: %s', async (_, body) => {
    for (const headers of KEYS) {
      expect(await post(body, headers)).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '', message: 'must not be nested deeper than 32 levels' }] },
      });
    }
  });

  it('is refused with more values than any that is meant', async () => {
    const values = (count: number) => `{"name":"a","about":[${Array(count).fill('0').join(',')}]}`;
    expect((await post(values(9_000))).status).toBe(201);
    expect(await post(values(100_000))).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '', message: 'must hold no more than 10000 values' }] },
    });
  });

  it('is refused where it is large once it is inflated', async () => {
    const body = gzipSync(`{"name":"${'a'.repeat(50_000_000)}"}`);
    const answer = await fetch(`${http.url}/api/v1/rooms`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${keyOf('admin')}`,
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      },
      body,
    });
    expect([body.length < 100_000, answer.status]).toEqual([true, 413]);
  });

  it('is told of so many faults only', async () => {
    const members = (value: string) =>
      Array.from({ length: 9_000 }, (_, at) => `"k${at}":${value}`).join(',');
    for (const [wrong, last] of [
      [`{"name":"a","tags":{${members('1')}}}`, '/tags/k99'],
      [`{"name":"a",${members('1')}}`, '/k99'],
    ] as const) {
      const { status, body } = await post(wrong);
      const { errors } = body as { errors: { pointer: string }[] };
      expect([status, errors.length, errors.at(-1)?.pointer]).toEqual([422, 100, last]);
    }
  });

  it('is told of a long member in few words', async () => {
    const { status, body } = await post(`{"name":"a","${'n'.repeat(100_000)}":1}`);
    expect(status).toBe(422);
    expect(JSON.stringify(body).length).toBeLessThan(2_000);
  });
});
