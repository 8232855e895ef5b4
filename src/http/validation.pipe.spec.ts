import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { Public } from './access.decorators';
import { pageQuery } from './pagination';
import { type HttpApp, startHttpApp } from './testing/http-app';
import { givenTime, pathId } from './time.schema';

const room = z.strictObject({
  name: z.string().min(1, 'must not be empty'),
  tags: z.record(z.string(), z.string()).default({}),
  until: givenTime.optional(),
});

@Public()
@Controller('rooms')
class RoomsController {
  @Post()
  create(@Body({ schema: room }) body: z.infer<typeof room>): object {
    return { ...body, isDate: body.until instanceof Date };
  }

  @Get()
  list(@Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>): object {
    return query;
  }

  @Get(':id')
  show(@Param('id', { schema: pathId }) id: string): object {
    return { id };
  }
}

describe('ValidationPipe and the body', () => {
  let http: HttpApp;
  beforeAll(async () => {
    http = await startHttpApp({ controllers: [RoomsController] });
  });
  afterAll(() => http.close());

  const post = (body: unknown, headers = {}) => http.call('POST', '/rooms', { body, headers });
  const invalid = (...errors: [pointer: string, message: unknown][]) => ({
    status: 422,
    body: { code: 'invalid-input', errors: errors.map(([pointer, message]) => ({ pointer, message })) },
  });

  it('hands on what the schema makes of the input', async () => {
    const body = { name: 'a', until: '2027-01-31T20:00:00+02:00' };
    expect(await post(body)).toMatchObject({
      status: 201,
      body: { name: 'a', tags: {}, until: '2027-01-31T18:00:00.000Z', isDate: true },
    });
    expect((await http.call('GET', '/rooms?limit=7')).body).toEqual({ limit: 7 });
    expect((await http.call('GET', '/rooms')).body).toEqual({ limit: 50 });
  });

  it('points to each fault in the body', async () => {
    expect(await post({ name: '', tags: { 'a/b': 1 }, until: 'now' })).toMatchObject(
      invalid(
        ['/name', 'must not be empty'],
        ['/tags/a~1b', expect.any(String)],
        ['/until', 'not a time: write it as 2027-01-31T18:00:00Z'],
      ),
    );
  });

  it('names unknown fields, one by one', async () => {
    expect(await post({ name: 'a', nmae: 1, size: 2 })).toMatchObject(
      invalid(['/nmae', 'unknown field "nmae"'], ['/size', 'unknown field "size"']),
    );
    expect(await http.call('GET', '/rooms?limits=3')).toMatchObject(
      invalid(['/query/limits', 'unknown field "limits"']),
    );
  });

  it.each(['0', '201', 'x', '1.5', ''])('refuses limit=%s', async (limit) => {
    expect(await http.call('GET', `/rooms?limit=${limit}`)).toMatchObject(
      invalid(['/query/limit', expect.any(String)]),
    );
  });

  it('refuses an id that is not a UUID', async () => {
    expect(await http.call('GET', '/rooms/7')).toMatchObject(
      invalid(['/path/id', 'not an id: ids are UUIDs']),
    );
  });

  it('asks for a body where none was sent', async () => {
    expect(await http.call('POST', '/rooms')).toMatchObject(invalid(['', 'a JSON body is needed']));
  });

  it('answers 400 to what is not JSON', async () => {
    expect(await post('{"name": ')).toMatchObject({ status: 400, body: { code: 'malformed-json' } });
    expect(await http.call('GET', '/rooms/%FF')).toMatchObject({
      status: 400,
      body: { code: 'bad-request' },
    });
  });

  it.each([
    ['hunter2-hunter2', 'The body is not JSON.'],
    ['{"name": hunter2-hunter2-hunter2}', 'The body is not JSON.'],
    ['{"name": "hunter2"-hunter2"}', 'The body is not JSON: it breaks off at position 18.'],
  ])('tells of what is not JSON where that is known, and quotes none of it: %s', async (text, detail) => {
    const { body } = await post(text);
    expect(body).toMatchObject({ code: 'malformed-json', detail });
    expect(JSON.stringify(body)).not.toContain('hunter');
  });

  it('answers 413 to a body above 256 KiB, and takes one just below', async () => {
    const body = (length: number) => ({ name: 'x'.repeat(length) });
    expect(await post(body(256 * 1024))).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
    expect((await post(body(255 * 1024))).status).toBe(201);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1'])(
    'answers 415 to %s',
    async (type) => {
      expect(await post('{"name":"a"}', { 'Content-Type': type })).toMatchObject({
        status: 415,
        body: { code: 'unsupported-media-type' },
      });
    },
  );
});
