import fc from 'fast-check';
import { type SseConnection, SseRefused } from '../../../test/support/sse-client';
import { eventually } from '../../../test/support/eventually';
import { type LogEntry, LogTail } from '../../event-store';
import { keyOf } from '../../http/testing/http-app';
import { MINUTE } from '../../kernel/clocks';
import { type AuditApp, startAuditApp, workerId, Writer } from '../testing/audit-app';

interface EventView {
  readonly id: string;
  readonly type: string;
  readonly version: number;
}

interface PageView {
  readonly items: readonly EventView[];
  readonly nextCursor: string | null;
}

const sizes = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })), {
  minLength: 1,
  maxLength: 8,
});

/** Filters, and what they let pass of an event of a stream. */
const FILTERS: readonly [Record<string, string>, (stream: string, type: string) => boolean][] = [
  [{}, () => true],
  [{ types: 'book.moved' }, (_, type) => type === 'book.moved'],
  [{ types: 'book.*' }, (_, type) => type.startsWith('book.')],
  [{ workerIds: workerId(1) }, (stream) => stream.endsWith(workerId(1))],
  [
    { workerIds: `${workerId(1)},${workerId(3)}`, types: 'io.cml-fleet.book.placed.v1' },
    (stream, type) => /[13]$/.test(stream) && type === 'book.placed',
  ],
];

describe('the events of everything', () => {
  let http: AuditApp;
  let writer: Writer;
  beforeAll(async () => {
    http = await startAuditApp();
    writer = new Writer(http.store);
  });
  afterAll(() => http.close());

  const whole = (): Promise<LogEntry[]> => http.store.readLog(0, 1_000_000);
  const idsIn = (entries: readonly LogEntry[], passes: (stream: string, type: string) => boolean) =>
    entries.flatMap(({ position, commit: { stream, events } }) =>
      events.flatMap(({ id, type }, index) =>
        passes(stream, type) ? [{ id, place: `${position}.${index}` }] : [],
      ),
    );
  const list = async (query: Record<string, string>) =>
    http.call('GET', `/api/v1/events?${new URLSearchParams(query).toString()}`, { as: 'viewer' });

  describe('as a list', () => {
    it('comes whole and once, in either order, however long the pages', async () => {
      await fc.assert(
        fc.asyncProperty(
          sizes,
          fc.constantFrom(...FILTERS),
          fc.constantFrom('asc', 'desc'),
          fc.integer({ min: 9, max: 200 }),
          async (commits, [filter, passes], order, limit) => {
            for (const [worker, size] of commits) await writer.append(worker, size);
            await http.store.sequence();
            const expected = idsIn(await whole(), passes).map(({ id }) => id);
            const found: string[] = [];
            for (let cursor: string | null = null; ;) {
              const query = { ...filter, order, limit: String(limit), ...(cursor && { cursor }) };
              const { items, nextCursor } = (await list(query)).body as PageView;
              expect(items.length).toBeLessThanOrEqual(limit);
              found.push(...items.map(({ id }) => id));
              if (nextCursor === null) break;
              cursor = nextCursor;
            }
            expect(order === 'asc' ? found : found.reverse()).toEqual(expected);
          },
        ),
        { numRuns: 12 },
      );
    });

    it('tells who, why and as part of what, and takes all of that as filters', async () => {
      http.clock.advance(MINUTE);
      const before = http.clock.now().toISOString();
      http.clock.advance(1);
      await writer.append(7, 1);
      await http.store.sequence();
      const { items } = (await list({ order: 'desc', limit: '1' })).body as PageView;
      expect(items).toEqual([
        expect.objectContaining({
          specversion: '1.0',
          type: 'io.cml-fleet.book.placed.v1',
          subject: workerId(7),
          actor: 'user:ann',
          reason: 'tidying',
          correlationid: 'c-1',
          version: 1,
        }),
      ]);
      const count = async (query: Record<string, string>) =>
        ((await list({ limit: '200', ...query })).body as PageView).items.length;
      expect(await count({ from: before })).toBe(1);
      expect(await count({ from: before, actor: 'user:bob' })).toBe(0);
      expect(await count({ from: before, actor: 'user:ann', correlationId: 'c-1' })).toBe(1);
      expect(await count({ from: before, correlationId: 'c-2' })).toBe(0);
      expect(await count({ workerIds: workerId(7), to: before })).toBe(0);
    });

    it.each([
      ['types', 'worker', '/query/types/0'],
      ['types', 'book.moved,Worker.*', '/query/types/1'],
      ['workerIds', 'w1', '/query/workerIds/0'],
      ['order', 'up', '/query/order'],
      ['from', 'today', '/query/from'],
      ['actor', '', '/query/actor'],
      ['cursor', Buffer.from('"1.x"').toString('base64url'), '/query/cursor'],
    ])('refuses %s=%s', async (name, value, pointer) => {
      const { status, body } = await list({ [name]: value });
      expect([status, (body as { errors: unknown[] }).errors[0]]).toMatchObject([422, { pointer }]);
    });
  });

  describe('as a stream', () => {
    it('resumes at each id with exactly the rest', async () => {
      for (const [worker, size] of [
        [1, 3],
        [2, 1],
        [1, 2],
        [3, 3],
      ] as const)
        await writer.append(worker, size);
      await http.store.sequence();
      const from = (await http.store.logEnd()) - 4;
      for (const [filter, passes] of FILTERS) {
        const all = idsIn(await whole(), passes);
        const rest = all.filter(({ place }) => Number.parseInt(place, 10) > from);
        const places = [
          String(from),
          ...idsIn((await whole()).slice(from), () => true).map(({ place }) => place),
        ];
        for (const lastEventId of places.slice(0, -1)) {
          const expected = rest.filter(({ place }) => place > lastEventId).map(({ place }) => place);
          const stream = await http.follow({ lastEventId, filters: filter });
          const got = await stream.take(expected.length);
          expect([lastEventId, got.map(({ id }) => id)]).toEqual([lastEventId, expected]);
        }
      }
    });

    it('gives every event once over any number of connections, while others write', async () => {
      await fc.assert(
        fc.asyncProperty(
          sizes,
          fc.constantFrom(...FILTERS),
          fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
          async (commits, [filters, passes], cuts) => {
            const begin = await http.store.logEnd();
            const got: string[] = [];
            let lastEventId = String(begin);
            let expected: string[] | null = null;
            const open: SseConnection[] = [];
            const isDone = () => expected !== null && got.length >= expected.length;
            const writing = (async () => {
              for (const [worker, size] of commits) await writer.append(worker, size);
              await http.store.sequence();
              expected = idsIn((await whole()).slice(begin), passes).map(({ place }) => place);
              if (isDone()) for (const stream of open) stream.close();
            })();
            for (let turn = 0; !isDone(); turn += 1) {
              const stream = await http.follow({ lastEventId, filters });
              open.push(stream);
              if (isDone()) stream.close();
              let left = cuts[turn % cuts.length] ?? 1;
              for await (const { id } of stream) {
                got.push(id);
                left -= 1;
                if (left === 0 || isDone()) break;
              }
              lastEventId = stream.lastEventId ?? lastEventId;
            }
            await writing;
            expect(got).toEqual(expected);
          },
        ),
        { numRuns: 25 },
      );
    });
  });

  it('begins a stream at once, with its headers, at the present', async () => {
    // what was committed before has its place
    await http.store.sequence();
    await http.app.get(LogTail, { strict: false }).refresh();
    const stream = await http.follow();
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    await writer.append(5, 1);
    const [message] = await stream.take(1);
    expect(message).toMatchObject({
      event: 'io.cml-fleet.book.placed.v1',
      id: `${await http.store.logEnd()}.0`,
    });
    expect(JSON.parse(message?.data ?? '')).toMatchObject({ subject: workerId(5), actor: 'user:ann' });
    expect(stream.retry).toBe(3_000);
  });

  it('takes ?after= as well; the header wins', async () => {
    const end = await http.store.logEnd();
    const first = await http.follow({ filters: { after: '0' } });
    expect((await first.take(1))[0]?.id).toBe('1.0');
    const second = await http.follow({ filters: { after: '0' }, lastEventId: String(end - 1) });
    expect((await second.take(1))[0]?.id).toBe(`${end}.0`);
  });

  it.each(['', 'x', '1.x', '01', '-1', '1.', '0.0', '999999999', '1.7'])(
    'refuses "%s" as an id, and says what to do',
    async (id) => {
      for (const [given, pointer] of [
        [{ lastEventId: id }, '/headers/Last-Event-ID'],
        [{ filters: { after: id } }, '/query/after'],
      ] as const) {
        const refused = await http.follow(given).catch((error: unknown) => error);
        if (!(refused instanceof SseRefused)) throw new Error(`${id} was taken`);
        const problem = JSON.parse(refused.body) as {
          code: string;
          errors: { pointer: string; message: string }[];
        };
        expect([refused.status, problem.code, problem.errors[0]?.pointer]).toEqual([
          422,
          'invalid-input',
          pointer,
        ]);
        expect(problem.errors[0]?.message).toContain('send the last id that you got');
      }
    },
  );

  it('answers HEAD without a stream', async () => {
    const { status, headers } = await http.call('HEAD', '/api/v1/events/stream', { as: 'viewer' });
    expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  });

  it('lets a key have ten streams, and logs each with its length', async () => {
    const key = keyOf('operator');
    const streams = await Promise.all(
      Array.from({ length: 10 }, () => http.follow({ key, filters: { after: '0' } })),
    );
    const refused = await http.follow({ key }).catch((error: unknown) => error as SseRefused);
    expect(refused).toMatchObject({ status: 429 });
    expect((refused as SseRefused).headers['retry-after']).toBe('30');
    expect(JSON.parse((refused as SseRefused).body)).toMatchObject({ code: 'too-many-streams' });
    http.log.length = 0;
    const count = idsIn(await whole(), () => true).length;
    await Promise.all(streams.map((stream) => stream.take(count)));
    await eventually(() => {
      const lines = http.log.filter(({ msg }) => msg === 'stream ended');
      expect(lines).toHaveLength(10);
      expect(lines[0]).toMatchObject({
        route: '/api/v1/events/stream',
        status: 200,
        durationMs: expect.any(Number) as number,
        events: count,
        endedBy: 'client',
      });
    });
    await eventually(async () => (await http.follow({ key })).close());
  });
});
