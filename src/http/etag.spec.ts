import { Controller, Get, Put } from '@nestjs/common';
import { z } from 'zod';
import { Public } from './access.decorators';
import { Answers } from './answers.decorator';
import { IfMatch, WithETag } from './etag';
import { type HttpApp, startHttpApp } from './testing/http-app';
import { answeredTime } from './time.schema';

const thing = z.object({ version: z.number(), at: answeredTime }).meta({ id: 'EtagThing' });

@Public()
@Controller('api/v1/things')
class ThingsController {
  @WithETag()
  @Get('one')
  @Answers(200, thing, { description: 'It' })
  show(): z.input<typeof thing> & { hash: string } {
    return { version: 12, at: new Date('2027-01-01T00:00:00.007Z'), hash: 'secret' };
  }

  @Put('one')
  change(@IfMatch() version: number | null): object {
    return { version };
  }
}

describe('ETag and If-Match', () => {
  let http: HttpApp;
  beforeAll(async () => {
    http = await startHttpApp({ controllers: [ThingsController] });
  });
  afterAll(() => http.close());

  const put = (header: string) => http.call('PUT', '/api/v1/things/one', { headers: { 'If-Match': header } });

  it('answers one resource with its version as ETag, and by its schema', async () => {
    const { headers, body } = await http.call('GET', '/api/v1/things/one');
    expect(headers.get('etag')).toBe('"12"');
    expect(body).toEqual({ version: 12, at: '2027-01-01T00:00:00.007Z' });
  });

  it('never answers 304, since observed values change without the version', async () => {
    // fetch would forbid a 304 with a Cache-Control of its own
    const headers = { 'If-None-Match': '"12"', 'Cache-Control': 'max-age=0' };
    const { status, headers: answered } = await http.call('GET', '/api/v1/things/one', { headers });
    expect([status, answered.get('cache-control')]).toEqual([200, 'no-store']);
  });

  it('makes no ETag for what has no version', async () => {
    expect((await put('"3"')).headers.get('etag')).toBeNull();
  });

  it.each([
    ['"3"', 3],
    [' "3" , "3"', 3],
    ['*', null],
  ])('reads If-Match: %s', async (header, version) => {
    expect(await put(header)).toMatchObject({ status: 200, body: { version } });
  });

  it('reads no If-Match as no condition', async () => {
    expect((await http.call('PUT', '/api/v1/things/one')).body).toEqual({ version: null });
  });

  it.each([
    ['3', 'must be "<version>", as in the ETag, or *'],
    ['W/"3"', 'must be "<version>", as in the ETag, or *'],
    ['"abc"', 'must be "<version>", as in the ETag, or *'],
    ['"3", "4"', 'must name one version, not several'],
  ])('refuses If-Match: %s', async (header, message) => {
    expect(await put(header)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/headers/If-Match', message }] },
    });
  });
});
