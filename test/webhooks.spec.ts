import { EventStore, LogTail, streamOf, SubscriptionHost, Subscriptions } from '../src/event-store';
import { HOUR, MINUTE } from '../src/kernel/clocks';
import { WebhookSender } from '../src/webhooks/application/webhook-sender';
import { WebhookSubscriptions } from '../src/webhooks/application/webhook-subscriptions';
import {
  answer,
  eventIn,
  isSignedBy,
  type Received,
  type Receiver,
  startReceiver,
} from '../src/webhooks/testing/receiver';
import { eventually } from './support/eventually';
import { type MemoryApp, startMemoryApp } from './support/memory-app';
import { openTestDatabase, type TestDatabase } from './support/test-database';

const RING = `k1:${Buffer.alloc(32, 5).toString('base64')}`;
const WEBHOOKS = '/api/v1/webhooks';
type DeliveryList = { items: Record<string, unknown>[]; nextCursor: string | null };
const TOKENS = /token-in-path|in-query/;

function fail(message: string): never {
  throw new Error(message);
}

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

describe.each(['memory', 'mongo'])('webhooks of the whole application on %s', (persistence) => {
  let app: MemoryApp;
  let receiver: Receiver;
  const ids: string[] = [];
  /** secrets that were shown */
  const shown: string[] = [];

  beforeAll(async () => {
    app = await startMemoryApp({
      FLEET_PERSISTENCE: persistence,
      FLEET_MONGODB_URI: database.uri,
      FLEET_SECRETS_KEYS: RING,
      FLEET_WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
    });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(async () => {
    for (const id of ids.splice(0)) await app.admin.delete(`${WEBHOOKS}/${id}`);
    await receiver.close();
  });

  const part = <T>(token: abstract new (...args: never[]) => T): T => app.app.get(token, { strict: false });
  const create = async (given: object = {}) => {
    const made = await app.admin.post(WEBHOOKS, { url: receiver.url, types: ['api-key.*'], ...given });
    expect([made.status, made.body]).toEqual([201, expect.anything()]);
    ids.push(made.body.id as string);
    shown.push(made.body.secret as string);
    return made.body as { id: string; secret: string };
  };
  /** What happened becomes deliveries, and what is due is sent. */
  const deliver = async () => {
    await part(EventStore).sequence();
    await part(LogTail).refresh();
    await part(WebhookSubscriptions).sync();
    await part(SubscriptionHost).runAll();
    await part(WebhookSender).drain();
  };
  /** An event of the type `api-key.created`, up to its delivery. The application itself is at work, too, meanwhile. */
  const happen = async () => {
    const { body: key } = await app.admin.post('/api/v1/api-keys', { name: 'viewer', role: 'viewer' });
    const streams = [streamOf('apikey', key.id as string)];
    await eventually(async () => {
      await deliver();
      const [entry] = await part(EventStore).readLog(0, 1, { streams });
      const placed = entry?.position ?? Infinity;
      const followed = (await part(Subscriptions).list()).filter(({ position }) => position >= placed);
      const names = followed.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(ids.map((id) => `webhook:${id}`)));
    });
    await part(WebhookSender).drain();
  };
  const deliveriesOf = async (id: string, query = '') =>
    (await app.admin.get(`${WEBHOOKS}/${id}/deliveries${query}`)).body as DeliveryList;
  const last = (): Received => receiver.received.at(-1) ?? fail('nothing was received');

  it('are told of events from their creation on, signed, once', async () => {
    await app.keyOf('viewer');
    const { id, secret } = await create();
    await happen();
    expect(receiver.received).toHaveLength(1);
    const received = last();
    expect(received.headers).toMatchObject({
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-timestamp': String(app.clock.now().getTime() / 1000),
    });
    expect(eventIn(received)).toMatchObject({
      specversion: '1.0',
      type: 'io.cml-fleet.api-key.created.v2',
      data: { name: 'viewer', role: 'viewer' },
    });
    expect(isSignedBy(secret, received, app.clock.now())).toBe(true);
    expect(isSignedBy(`${secret.slice(0, -8)}AAAAAAA=`, received, app.clock.now())).toBe(false);
    const { items } = await deliveriesOf(id);
    expect(items).toEqual([
      expect.objectContaining({
        id: received.headers['webhook-id'],
        webhookId: id,
        state: 'delivered',
        attempts: 1,
        nextTryAt: null,
        tries: [expect.objectContaining({ status: 204, error: null })],
      }),
    ]);
  });

  it('are shown without their secret and with no more of the URL than its origin', async () => {
    const made = await create({ description: 'chat', types: ['io.cml-fleet.worker.status-updated.v1'] });
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { secret, ...view } = made;
    expect(view).toMatchObject({
      version: 1,
      origin: `http://127.0.0.1:${receiver.port}`,
      types: ['worker.status-updated'],
      workerIds: [],
      description: 'chat',
      enabled: true,
      disabled: null,
      secretFingerprint: expect.stringMatching(/^[0-9a-f]{12}$/) as string,
      previousSecretUntil: null,
    });
    const one = await app.admin.get(`${WEBHOOKS}/${made.id}`);
    expect([one.headers.get('etag'), one.body]).toEqual(['"1"', view]);
    expect((await app.admin.get(WEBHOOKS)).body).toEqual({ items: [view], nextCursor: null });
    expect(JSON.stringify([view, one.body])).not.toMatch(TOKENS);
    expect(JSON.stringify(one.body)).not.toContain(secret);
  });

  it('answer a repeated creation without the secret', async () => {
    const headers = { 'idempotency-key': 'create-1' };
    const body = { url: receiver.url };
    const [first, second] = [
      await app.admin.post(WEBHOOKS, body, headers),
      await app.admin.post(WEBHOOKS, body, headers),
    ];
    ids.push(first.body.id as string);
    shown.push(first.body.secret as string);
    const { secret, ...rest } = first.body as Record<string, unknown>;
    expect([second.status, second.body, typeof secret]).toEqual([201, rest, 'string']);
  });

  it('are tried again, and sent again when somebody asks for it', async () => {
    const { id } = await create();
    receiver.respond = answer(503);
    await happen();
    const { items } = await deliveriesOf(id, '?state=pending');
    expect(items).toEqual([
      expect.objectContaining({ attempts: 1, tries: [expect.objectContaining({ error: 'answered 503' })] }),
    ]);
    receiver.respond = answer(204);
    await happen();
    const [first] = (await deliveriesOf(id, '?state=delivered')).items;
    const again = await app.admin.post(`${WEBHOOKS}/${id}/deliveries/${String(first?.id)}/redeliver`);
    expect(again).toMatchObject({ status: 202, body: { id: first?.id, state: 'pending', attempts: 0 } });
    await deliver();
    const [sent, resent] = receiver.received.slice(-2);
    expect(resent?.body).toEqual(sent?.body);
    expect(resent?.headers['webhook-id']).toBe(sent?.headers['webhook-id']);
    const page = await deliveriesOf(id, '?limit=1');
    const next = await deliveriesOf(id, `?limit=1&cursor=${String(page.nextCursor)}`);
    expect([...page.items, ...next.items].map((item) => item.id)).toEqual(
      (await deliveriesOf(id)).items.map((item) => item.id),
    );
  });

  it('that are gone are disabled at once, and get what is parked once they are back', async () => {
    const { id } = await create();
    receiver.respond = answer(410);
    await happen();
    const { body: gone } = await app.admin.get(`${WEBHOOKS}/${id}`);
    expect(gone).toMatchObject({
      enabled: false,
      version: 2,
      disabled: { reason: 'the receiver answered 410 Gone', at: app.clock.now().toISOString() },
    });
    expect((await app.admin.post(`${WEBHOOKS}/${id}/deliveries/replay`)).body.code).toBe('webhook-disabled');
    await happen();
    receiver.respond = answer(200);
    const enabled = await app.admin.patch(`${WEBHOOKS}/${id}`, { enabled: true }, { 'if-match': '"2"' });
    expect(enabled.body).toMatchObject({ enabled: true, disabled: null, version: 3 });
    expect((await app.admin.post(`${WEBHOOKS}/${id}/deliveries/replay`)).body).toEqual({ count: 1 });
    await deliver();
    expect(receiver.received).toHaveLength(2);
    expect((await deliveriesOf(id)).items).toEqual([expect.objectContaining({ state: 'delivered' })]);
  });

  it('can be tested, even if they are disabled, and the test says how it went', async () => {
    const { id, secret } = await create();
    await app.admin.patch(`${WEBHOOKS}/${id}`, { enabled: false });
    const good = await app.admin.post(`${WEBHOOKS}/${id}/test`);
    expect([good.status, good.body]).toEqual([
      200,
      expect.objectContaining({ delivered: true, status: 204, error: null }),
    ]);
    expect(eventIn(last())).toMatchObject({ type: 'io.cml-fleet.webhook.ping.v1', subject: id });
    expect(isSignedBy(secret, last(), app.clock.now())).toBe(true);
    receiver.respond = answer(302, { location: receiver.url });
    const bad = await app.admin.post(`${WEBHOOKS}/${id}/test`);
    expect(bad.body).toMatchObject({
      delivered: false,
      status: 302,
      error: 'answered 302: redirects are not followed',
    });
    const { deliveryId } = bad.body as { deliveryId: string };
    await app.admin.patch(`${WEBHOOKS}/${id}`, { enabled: true });
    const again = await app.admin.post(`${WEBHOOKS}/${id}/deliveries/${deliveryId}/redeliver`);
    expect([again.status, again.body.code]).toEqual([404, 'delivery-not-found']);
  });

  it('are signed with both secrets for a day after a rotation', async () => {
    const { id, secret } = await create();
    const rotated = await app.admin.post(`${WEBHOOKS}/${id}/rotate-secret`);
    const { secret: next, previousSecretUntil } = rotated.body as Record<string, string>;
    shown.push(next ?? '');
    expect(Date.parse(previousSecretUntil ?? '') - app.clock.now().getTime()).toBe(24 * HOUR);
    await happen();
    const signedBy = () => [secret, next ?? ''].map((by) => isSignedBy(by, last(), app.clock.now()));
    expect(signedBy()).toEqual([true, true]);
    app.clock.advance(24 * HOUR);
    await happen();
    expect(signedBy()).toEqual([false, true]);
  });

  it('honour If-Match, and are not there once they are deleted', async () => {
    const { id } = await create();
    const stale = { 'if-match': '"7"' };
    for (const send of [
      app.admin.patch(`${WEBHOOKS}/${id}`, { description: 'x' }, stale),
      app.admin.delete(`${WEBHOOKS}/${id}`, stale),
      app.admin.post(`${WEBHOOKS}/${id}/rotate-secret`, undefined, stale),
    ]) {
      expect((await send).status).toBe(412);
    }
    expect((await app.admin.delete(`${WEBHOOKS}/${id}`)).status).toBe(204);
    expect((await app.admin.delete(`${WEBHOOKS}/${id}`)).status).toBe(204);
    ids.length = 0;
    for (const path of ['', '/deliveries'])
      expect((await app.admin.get(`${WEBHOOKS}/${id}${path}`)).body.code).toBe('webhook-not-found');
    expect((await app.admin.patch(`${WEBHOOKS}/${id}`, { enabled: true })).status).toBe(404);
    await happen();
    expect(receiver.received).toEqual([]);
  });

  it.each([
    [{}, '/url'],
    [{ url: 'no' }, '/url'],
    [{ url: 'https://ann:token-in-path@example.com/' }, '/url'],
    [{ url: 'https://169.254.169.254/token-in-path' }, '/url'],
    [{ url: 'https://10.0.0.1/' }, '/url'],
    [{ url: 'https://example.com/', types: ['worker'] }, '/types/0'],
    [{ url: 'https://example.com/', workerIds: ['seven'] }, '/workerIds/0'],
    [{ url: 'https://example.com/', secret: 'mine' }, '/secret'],
  ])('are refused as %j, with a pointer and without the URL', async (body, pointer) => {
    const refused = await app.admin.post(WEBHOOKS, body);
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, pointer]);
    expect(JSON.stringify(refused.body)).not.toMatch(TOKENS);
  });

  it('leave no secret and no URL in events, log lines and what other webhooks are told', async () => {
    const listener = await startReceiver();
    await create({ url: listener.url, types: ['webhook.*'] });
    const { id } = await create();
    await app.admin.patch(`${WEBHOOKS}/${id}`, { url: `${receiver.url}&more` });
    shown.push((await app.admin.post(`${WEBHOOKS}/${id}/rotate-secret`)).body.secret as string);
    receiver.respond = answer(500);
    await happen();
    app.clock.advance(MINUTE);
    await receiver.close();
    await happen();
    receiver = await startReceiver();
    const told = listener.received.map((received) => eventIn(received));
    // several are sent side by side
    const types = ['created', 'secret-rotated', 'updated'].map((what) => `io.cml-fleet.webhook.${what}.v1`);
    expect(told.map(({ type }) => type).sort()).toEqual(types);
    const entries = await part(EventStore).readLog(0, 1_000);
    const stored = JSON.stringify(entries.map(({ commit }) => commit));
    expect(stored).toContain('webhook.secret-rotated');
    const places = [stored, app.log.join(''), JSON.stringify(told)];
    for (const secret of shown) for (const where of places) expect(where).not.toContain(secret);
    expect(app.log.join('')).not.toMatch(TOKENS);
    expect(JSON.stringify(told)).not.toMatch(TOKENS);
    expect(JSON.stringify((await deliveriesOf(id)).items)).not.toMatch(TOKENS);
    await listener.close();
  });
});
