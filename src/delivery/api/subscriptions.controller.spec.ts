import { CqrsModule } from '@nestjs/cqrs';
import {
  EventStore,
  type LogEntry,
  LogTail,
  LeaseOwner,
  SubscriptionHost,
  Subscriptions,
} from '../../event-store';
import { headAfter } from '../../event-store/commit-chain';
import { aRequest } from '../../event-store/testing/books';
import { type HttpApp, startHttpApp } from '../../http/testing/http-app';
import { MINUTE } from '../../kernel/clocks';
import { DeliveryModule } from '../delivery.module';

const NAME = 'webhook:7';

let http: HttpApp;
/** what was handed over, `<stream> <version>` */
let handled: string[];
let failing: string | null;

beforeEach(async () => {
  http = await startHttpApp({ imports: [CqrsModule.forRoot(), DeliveryModule] });
  [handled, failing] = [[], 'book-b2'];
  await http.app.get(SubscriptionHost).add({
    ...{ name: NAME, startAfter: 0, kind: 'book' },
    handle: ({ commit: { stream, first } }: LogEntry) => {
      if (stream === failing) return Promise.reject(new Error('nobody answers'));
      handled.push(`${stream} ${first}`);
      return Promise.resolve();
    },
  });
});
afterEach(() => http.close());

/** One more commit to each of two books, placed in the log. */
async function append(): Promise<void> {
  const store = http.app.get(EventStore);
  for (const stream of ['book-b1', 'book-b2']) {
    const last = (await store.load(stream)).at(-1);
    const commandId = `c-${(last?.last ?? 0) + 1}`;
    await store.append(aRequest({ stream, commandId, ...(last && { head: headAfter(last) }) }));
  }
  await store.sequence();
  await http.app.get(LogTail).refresh();
}

/** Lets the subscription do what is due, so often, each time when the longest pause is over. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await http.app.get(SubscriptionHost).runAll();
    http.clock.advance(2 * MINUTE);
  }
}

const get = async (path = '') =>
  (await http.call('GET', `/api/v1/subscriptions${path}`, { as: 'viewer' })).body as { items: unknown[] };
const post = (path: string) => http.call('POST', `/api/v1/subscriptions${path}`, { as: 'admin' });

describe('/api/v1/subscriptions', () => {
  it('shows how far each is, and who has it', async () => {
    failing = null;
    await append();
    const status = { name: NAME, logEnd: 2, attempts: 0, lastError: null, parked: { trying: 0, waiting: 0 } };
    await http.app.get(SubscriptionHost).runAll();
    expect(await get()).toEqual({
      items: [{ ...status, position: 2, lag: 0, owner: http.app.get(LeaseOwner).name }],
    });

    // its process died, and nobody took over yet
    http.clock.advance(MINUTE);
    expect(await get()).toMatchObject({ items: [{ name: NAME, owner: null }] });
    await http.app.get(Subscriptions).ensure('read-model:books', 0);
    expect((await get()).items).toContainEqual(
      expect.objectContaining({ name: 'read-model:books', position: 0, lag: 2, owner: null }),
    );
  });

  it('shows the streams that are put aside, while the others go on, until they wait for a person', async () => {
    await append();
    await append();
    await turns(1);
    expect(handled).toEqual(['book-b1 1', 'book-b1 2']);
    const failed = { stream: 'book-b2', fromVersion: 1, error: 'nobody answers' };
    expect(await get(`/${NAME}/parked`)).toEqual({
      items: [
        {
          ...{ ...failed, attempts: 1, failedAt: '2027-01-01T12:00:00.000Z' },
          nextTryAt: expect.stringMatching(/^2027-01-01T12:00:0[01]/) as string,
        },
      ],
    });
    await turns(30);
    expect(await get(`/${NAME}/parked`)).toEqual({
      items: [{ ...failed, attempts: 20, failedAt: '2027-01-01T12:38:00.000Z', nextTryAt: null }],
    });
    expect(await get()).toMatchObject({
      items: [{ position: 4, lag: 0, parked: { trying: 0, waiting: 1 } }],
    });
  });

  it.each(['book-b2/retry', 'retry'])('lets a parked stream catch up in order: %s', async (path) => {
    await append();
    await turns(30);
    await append();
    failing = null;
    await turns(3);
    expect(handled).toEqual(['book-b1 1', 'book-b1 2']);

    expect(await post(`/${NAME}/parked/${path}`)).toMatchObject({
      status: 202,
      body: { streams: ['book-b2'] },
    });
    await turns(1);
    expect(handled.slice(2)).toEqual(['book-b2 1', 'book-b2 2']);
    expect(await get(`/${NAME}/parked`)).toEqual({ items: [] });
    await append();
    await turns(1);
    expect(handled.slice(4).sort()).toEqual(['book-b1 3', 'book-b2 3']);
  });

  it('says what is not there', async () => {
    for (const path of ['/webhook:8/parked/retry', '/webhook:8/parked/book-b1/retry']) {
      expect(await post(path)).toMatchObject({ status: 404, body: { code: 'subscription-not-found' } });
    }
    expect(await get('/webhook:8/parked')).toMatchObject({ code: 'subscription-not-found' });
    expect(await post(`/${NAME}/parked/book-b1/retry`)).toMatchObject({
      ...{ status: 404, body: { code: 'parked-stream-not-found' } },
    });
    expect(await post(`/${NAME}/parked/retry`)).toMatchObject({ status: 202, body: { streams: [] } });
  });
});
