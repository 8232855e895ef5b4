import { Body, Controller, Get, Post, Res } from '@nestjs/common';
import { type Response } from 'express';
import { z } from 'zod';
import { type CommandContext } from '../kernel/command-context';
import { eventually } from '../../test/support/eventually';
import { IdempotencyStore } from '../event-store';
import { HOUR, SECOND } from '../kernel/clocks';
import { InvalidInput, StoreUnavailable } from '../kernel/domain-error';
import { RequiresRole, Scoped } from './access.decorators';
import { Answers, SecretInAnswer } from './answers.decorator';
import { RequestContext } from './command-context';
import { WithETag } from './etag';
import { type CallOptions, type HttpApp, keyOf, startHttpApp } from './testing/http-app';

const made = z
  .object({
    version: z.number(),
    run: z.number(),
    secret: z.string().optional(),
    size: z.number().nullable(),
  })
  .meta({ id: 'Made' });

const runs: CommandContext[] = [];
/** What the route does before it answers. */
let effect: () => unknown;

@RequiresRole('viewer')
@Scoped()
@Controller('api/v1/made')
class MadeController {
  @Post()
  @WithETag()
  @Answers(202, made, { description: 'Made' })
  @SecretInAnswer('secret')
  async make(
    @Body() body: { size?: number },
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.input<typeof made> & { internal: string }> {
    runs.push(context);
    await effect();
    response.location('/api/v1/made/1');
    return {
      version: 3,
      run: runs.length,
      secret: 's3cret',
      size: body.size ?? null,
      internal: 'never shown',
    };
  }

  @Post('other')
  other(): object {
    return { other: true };
  }

  @Get()
  list(): object {
    return { runs: runs.push(null as never) };
  }
}

describe('Idempotency-Key', () => {
  let http: HttpApp;
  beforeAll(async () => {
    http = await startHttpApp({ controllers: [MadeController] });
  });
  afterAll(() => http.close());
  beforeEach(() => {
    jest.restoreAllMocks();
    runs.length = 0;
    effect = () => undefined;
  });

  const post = (key: string, body: unknown = { size: 1 }, { as = 'viewer' }: CallOptions = {}) =>
    http.call('POST', '/api/v1/made', { as, body, headers: { 'Idempotency-Key': key } });

  it('answers the same again, with status and headers, but without the secret', async () => {
    const first = await post('a', { size: 1, unit: 'x' });
    expect(first).toMatchObject({ status: 202, body: { version: 3, run: 1, secret: 's3cret', size: 1 } });
    expect(first.headers.get('idempotency-replayed')).toBeNull();

    const again = await post('a', { unit: 'x', size: 1 });
    expect(again.status).toBe(202);
    expect(again.body).toEqual({ version: 3, run: 1, size: 1 });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get('location')).toBe('/api/v1/made/1');
    expect(again.headers.get('etag')).toBe('"3"');
    expect(runs).toHaveLength(1);
  });

  it('runs again for another key, another caller, and without a key', async () => {
    await post('b');
    await post('c');
    await post('b', undefined, { as: 'operator' });
    await http.call('POST', '/api/v1/made', { as: 'viewer', body: {} });
    await http.call('POST', '/api/v1/made', { as: 'viewer', body: {} });
    expect(runs).toHaveLength(5);
    expect(new Set(runs.map(({ commandId }) => commandId)).size).toBe(5);
  });

  it('answers nothing again that was made of more of the fleet than its caller has by now', async () => {
    // one key, whose rights are others each time
    const postAs = (key: string, scope: string) => {
      const headers = { 'Idempotency-Key': key, Authorization: `Bearer ${keyOf('viewer')}${scope}` };
      return http.call('POST', '/api/v1/made', { body: {}, headers });
    };
    const refused = { status: 403, body: { code: 'scope-too-small' } };
    expect(await postAs('of-the-fleet', '')).toMatchObject({ status: 202 });
    expect(await postAs('of-the-fleet', '@w1')).toMatchObject(refused);
    expect(await postAs('of-w1', '@w1')).toMatchObject({ status: 202 });
    expect(await postAs('of-w1', '@w2')).toMatchObject(refused);
    expect(await postAs('of-w1', '@w1/lab')).toMatchObject(refused);
    for (const scope of ['@w1', '']) {
      const again = await postAs('of-w1', scope);
      expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
    }
    expect(runs).toHaveLength(2);
  });

  it('keeps keys per path', async () => {
    await post('d');
    const headers = { 'Idempotency-Key': 'd' };
    const other = await http.call('POST', '/api/v1/made/other', { as: 'admin', headers });
    expect(other.body).toEqual({ other: true });
  });

  it('refuses another body under the same key', async () => {
    await post('e');
    expect(await post('e', { size: 2 })).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
  });

  it('tells a repetition that the first one is running, and runs it once that one seems dead', async () => {
    let finish = (): void => undefined;
    const started = new Promise<void>((resolve) => {
      effect = () => {
        resolve();
        return new Promise<void>((done) => (finish = done));
      };
    });
    const first = post('f');
    await started;
    http.clock.advance(20 * SECOND);
    const busy = await post('f');
    expect(busy).toMatchObject({ status: 409, body: { code: 'idempotency-key-in-use' } });
    expect(busy.headers.get('retry-after')).toBe('40');

    effect = () => undefined;
    http.clock.advance(40 * SECOND);
    expect((await post('f')).status).toBe(202);
    finish();
    await first;
    expect(runs[1]?.commandId).toBe(runs[0]?.commandId);
  });

  it.each([
    ['a refusal', () => new InvalidInput([]), 422],
    ['an outage', () => new StoreUnavailable('down'), 503],
    ['a fault', () => new Error('bug'), 500],
  ])('does not keep %s: the repetition runs, as the same command', async (_, error, status) => {
    effect = () => Promise.reject(error());
    expect((await post(`g${status}`)).status).toBe(status);
    effect = () => undefined;
    expect((await post(`g${status}`)).status).toBe(202);
    expect(runs[1]?.commandId).toBe(runs[0]?.commandId);
  });

  it.each(['abandon', 'complete'] as const)('tells the store again when it missed to %s', async (step) => {
    const store = http.app.get(IdempotencyStore);
    const told = jest.spyOn(store, step).mockRejectedValueOnce(new StoreUnavailable('down'));
    if (step === 'abandon') effect = () => Promise.reject(new StoreUnavailable('down'));
    expect((await post(`again-${step}`)).status).toBe(step === 'abandon' ? 503 : 202);
    expect((await post(`again-${step}`)).status).toBe(409);

    effect = () => undefined;
    await eventually(() => expect(told).toHaveBeenCalledTimes(2));
    expect((await post(`again-${step}`)).status).toBe(202);
    expect(runs).toHaveLength(step === 'abandon' ? 2 : 1);
  });

  it('gives back a claim of which it does not know whether it stands', async () => {
    const store = http.app.get(IdempotencyStore);
    const claim = store.claim.bind(store);
    jest.spyOn(store, 'claim').mockImplementationOnce(async (...given) => {
      await claim(...given);
      throw new StoreUnavailable('down');
    });
    expect((await post('unclear')).status).toBe(503);
    await eventually(async () => expect((await post('unclear')).status).toBe(202));
    expect(runs).toHaveLength(1);
  });

  it('forgets a key after a day', async () => {
    await post('h');
    http.clock.advance(24 * HOUR);
    expect(await post('h')).toMatchObject({ status: 202, body: { run: 2 } });
  });

  it.each(['x'.repeat(129), 'tab\there', 'ü'])('refuses the key %j', async (key) => {
    expect(await post(key)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/headers/Idempotency-Key' }] },
    });
    expect(runs).toEqual([]);
  });

  it('is of no effect on a GET', async () => {
    const headers = { 'Idempotency-Key': 'i' };
    await http.call('GET', '/api/v1/made', { as: 'viewer', headers });
    expect((await http.call('GET', '/api/v1/made', { as: 'viewer', headers })).body).toEqual({ runs: 2 });
  });

  it('gives commands their actor and correlation id', async () => {
    const headers = { 'X-Correlation-Id': 'corr.7_x-Y' };
    await http.call('POST', '/api/v1/made', { as: 'operator', body: {}, headers });
    expect(runs).toEqual([
      {
        actor: 'api-key:key-of-operator',
        reason: null,
        reach: 'fleet',
        correlationId: 'corr.7_x-Y',
        causationId: null,
        commandId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      },
    ]);
  });
});
