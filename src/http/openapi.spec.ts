import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { z } from 'zod';
import { RequiresRole } from './access.decorators';
import { Answers, AnswersNothing, Problems } from './answers.decorator';
import { IfMatch } from './etag';
import { pageOf, pageQuery } from './pagination';
import { type HttpApp, startHttpApp } from './testing/http-app';
import { answeredTime, givenTime, pathId } from './time.schema';

const bookIn = z.strictObject({ title: z.string(), due: givenTime }).meta({ id: 'NewBook' });
const loanIn = z
  .strictObject({ days: z.int().default(7) })
  .prefault({})
  .meta({ id: 'Loan' });
const bookOut = z
  .object({ id: z.uuid(), title: z.string(), due: answeredTime.nullable() })
  .meta({ id: 'Book' });
const example = { id: '00000000-0000-4000-8000-000000000001', title: 'Emma', due: null };

@Controller('api/v1/books')
class BooksController {
  @Post()
  @RequiresRole('operator')
  @ApiOperation({ summary: 'Add a book' })
  @Answers(201, bookOut, { description: 'The book', example })
  @Problems('already-exists')
  add(@Body({ schema: bookIn }) _body: z.infer<typeof bookIn>): z.input<typeof bookOut> {
    return example;
  }

  @Get()
  @RequiresRole('viewer')
  @Answers(200, pageOf(bookOut, 'BookPage'), { description: 'Books' })
  list(@Query({ schema: pageQuery }) _query: z.infer<typeof pageQuery>): object {
    return { items: [], nextCursor: null };
  }

  @Delete(':id')
  @RequiresRole('admin')
  @AnswersNothing('It is gone')
  remove(@Param('id', { schema: pathId }) _id: string, @IfMatch() _version: number | null): void {}

  @Post(':id/lend')
  @RequiresRole('operator')
  @AnswersNothing('It is lent')
  lend(@Body({ schema: loanIn }) _body: z.infer<typeof loanIn>): void {}
}

interface Operation {
  readonly parameters?: readonly { name: string; in: string; required: boolean; schema: object }[];
  readonly requestBody?: { required: boolean };
  readonly responses: Record<string, { content?: Record<string, { schema?: object; examples?: object }> }>;
  readonly 'x-problems'?: readonly string[];
}

describe('the OpenAPI document', () => {
  let http: HttpApp;
  let document: { paths: Record<string, Record<string, Operation>>; components: { schemas: object } };
  beforeAll(async () => {
    http = await startHttpApp({ controllers: [BooksController] });
    document = (await http.call('GET', '/docs/openapi.json')).body as typeof document;
  });
  afterAll(() => http.close());

  const operation = (method: string, path = '/api/v1/books'): Operation => {
    const found = document.paths[path]?.[method];
    if (!found) throw new Error(`no ${method} ${path}`);
    return found;
  };

  it('describes bodies and answers by their schemas', () => {
    expect(document.components.schemas).toMatchObject({
      NewBook: {
        additionalProperties: false,
        required: ['title', 'due'],
        properties: { due: { format: 'date-time' } },
      },
      Book: { properties: { due: { nullable: true } } },
      BookPage: { properties: { items: { type: 'array' } } },
      Problem: { required: expect.arrayContaining(['code']) as string[] },
    });
    expect(operation('post').responses['201']?.content).toEqual({
      'application/json': { schema: { $ref: '#/components/schemas/Book' }, example },
    });
  });

  it('describes query, path and headers', () => {
    const parameters = (given: Operation) =>
      given.parameters?.map(({ name, in: place, required }) => [place, name, required]);
    expect(parameters(operation('get'))).toEqual([
      ['query', 'limit', false],
      ['query', 'cursor', false],
    ]);
    expect(parameters(operation('delete', '/api/v1/books/{id}'))).toEqual([
      ['path', 'id', true],
      ['header', 'If-Match', false],
    ]);
    expect(parameters(operation('post'))).toEqual([['header', 'Idempotency-Key', false]]);
    expect(operation('get').parameters?.[0]?.schema).toMatchObject({
      type: 'integer',
      minimum: 1,
      maximum: 200,
      default: 50,
    });
  });

  it('says what each operation may answer when things go wrong', () => {
    expect(operation('post')['x-problems']).toEqual([
      'already-exists',
      'body-too-large',
      'forbidden',
      'idempotency-key-in-use',
      'idempotency-key-reused',
      'identity-unavailable',
      'invalid-input',
      'malformed-json',
      'scope-too-small',
      'store-unavailable',
      'too-many-requests',
      'unauthenticated',
      'unsupported-media-type',
    ]);
    const conflict = operation('post').responses['409']?.content?.['application/problem+json'];
    expect(conflict).toMatchObject({
      schema: { $ref: '#/components/schemas/Problem' },
      examples: {
        'already-exists': { value: { status: 409, type: '/problems/already-exists' } },
        'idempotency-key-in-use': { value: { status: 409 } },
      },
    });
    expect(operation('delete', '/api/v1/books/{id}')['x-problems']).toContain('precondition-failed');
    expect(operation('get', '/health/live')['x-problems']).toBeUndefined();
  });

  it('requires a body where there is no default for it', () => {
    expect(operation('post').requestBody?.required).toBe(true);
    expect(operation('post', '/api/v1/books/{id}/lend').requestBody?.required).toBe(false);
  });

  it('tells which keys make a repetition safe, and that the server ends requests with headers that are too long', () => {
    const [key] = operation('post').parameters ?? [];
    expect(key?.schema).toEqual({
      type: 'string',
      minLength: 1,
      maxLength: 128,
      pattern: '^[\\x20-\\x7e]{1,128}$',
    });
    for (const given of [operation('post'), operation('get', '/health/live')]) {
      expect(given.responses['431']).toEqual({ description: expect.stringContaining('16 KiB') as string });
    }
  });

  it('is served with its interface, and in no other form', async () => {
    const docs = await http.call('GET', '/docs');
    expect(docs.status).toBe(200);
    expect(docs.body).toContain('swagger-ui');
    expect(docs.headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
    expect((await http.call('GET', '/docs-yaml')).status).toBe(404);
  });
});
