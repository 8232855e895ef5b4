import { eventually } from '../../../test/support/eventually';
import { HOUR, MINUTE, SECOND } from '../../kernel/clocks';
import { StoreUnavailable } from '../../kernel/domain-error';
import { type Webhook } from '../domain/webhook';
import { webhooksBench, type WebhooksBench } from '../testing/webhooks-bench';

describe('the sender of webhooks', () => {
  let bench: WebhooksBench;
  let webhook: Webhook;
  beforeEach(async () => {
    bench = webhooksBench();
    webhook = await bench.aWebhook();
  });
  afterEach(() => expect(bench.errors).toEqual([]));

  const one = async () => {
    const [delivery] = await bench.all(webhook.id);
    if (!delivery) throw new Error('there is no delivery');
    return delivery;
  };
  const present = () => bench.webhooks.get(webhook.id);

  it('sends what is due as a signed CloudEvent, and notes how it went', async () => {
    await bench.anEvent('b1');
    await bench.follow();
    await bench.sender.drain();
    const delivery = await one();
    const [post] = bench.poster.posts;
    expect(post).toMatchObject({ url: webhook.state.url, body: delivery.body });
    expect(post?.headers).toEqual({
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': delivery.id,
      'webhook-timestamp': String(bench.clock.now().getTime() / SECOND),
      'webhook-signature': expect.stringMatching(/^v1,[\w+/]+=$/) as string,
    });
    expect(JSON.parse(post?.body ?? '')).toMatchObject({
      specversion: '1.0',
      id: delivery.eventId,
      type: 'io.cml-fleet.book.placed.v1',
      subject: 'b1',
      data: { shelf: 'A' },
    });
    expect(delivery).toMatchObject({ state: 'delivered', deliveredAt: bench.clock.now(), attempts: 1 });
    expect(delivery.tries).toEqual([{ at: bench.clock.now(), status: 204, durationMs: 1, error: null }]);
  });

  it('tries again and again for three days, the same bytes under the same id, then parks it', async () => {
    bench.poster.answer = () => 500;
    await bench.anEvent();
    await bench.follow();
    await bench.sender.drain();
    const waits = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, ...[2, 5, 10, 14, 20, 24].map((h) => h * HOUR)];
    for (const [index, wait] of waits.entries()) {
      bench.clock.advance(wait - 1);
      await bench.sender.drain();
      expect(bench.poster.posts).toHaveLength(index + 1);
      bench.clock.advance(1);
      await bench.sender.drain();
      expect(bench.poster.posts).toHaveLength(index + 2);
    }
    bench.clock.advance(1_000 * HOUR);
    await bench.sender.drain();
    expect(await one()).toMatchObject({ state: 'failed', attempts: 10 });
    expect(new Set(bench.poster.posts.map(({ body }) => body)).size).toBe(1);
    expect(new Set(bench.poster.posts.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(bench.poster.posts.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(10);
  });

  it('waits longer where the receiver asks for it, and never less', async () => {
    bench.poster.answer = () => 429;
    bench.poster.retryAfterMs = HOUR;
    await bench.anEvent();
    await bench.follow();
    await bench.sender.drain();
    bench.clock.advance(HOUR - 1);
    await bench.sender.drain();
    expect(bench.poster.posts).toHaveLength(1);
    bench.clock.advance(1);
    bench.poster.retryAfterMs = 0;
    await bench.sender.drain();
    bench.clock.advance(5 * MINUTE - 1);
    await bench.sender.drain();
    expect(bench.poster.posts).toHaveLength(2);
  });

  it('sends again what a crash left unrecorded, with the same id and the same bytes', async () => {
    await bench.anEvent();
    await bench.follow();
    const crashing = bench.senderOf('crashing', {
      deliveries: Object.assign(Object.create(bench.deliveries) as typeof bench.deliveries, {
        record: () => Promise.reject(new StoreUnavailable('it is gone')),
      }),
    });
    await crashing.drain();
    expect(bench.errors.splice(0)).toEqual([expect.stringContaining('it is gone')]);
    await bench.sender.drain();
    expect(bench.poster.posts).toHaveLength(1);
    bench.clock.advance(MINUTE);
    await bench.sender.drain();
    const [first, second] = bench.poster.posts;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(await one()).toMatchObject({ state: 'delivered', attempts: 1, fence: 2 });
  });

  it('is one of several, of which one sends each', async () => {
    for (let count = 0; count < 20; count += 1) await bench.anEvent();
    await bench.follow();
    await Promise.all(['b', 'c', 'd'].map((owner) => bench.senderOf(owner).drain()));
    const sent = bench.poster.posts.map(({ headers }) => headers['webhook-id']);
    expect(sent).toHaveLength(20);
    expect(new Set(sent).size).toBe(20);
  });

  it('sends 16 side by side in all, as many to each webhook', async () => {
    for (let count = 0; count < 5; count += 1) await bench.aWebhook({ types: ['book.*'] });
    for (let count = 0; count < 10; count += 1) await bench.anEvent();
    await bench.follow();
    const answers: (() => void)[] = [];
    bench.poster.answer = () => new Promise((resolve) => answers.push(() => resolve(204)));
    await bench.sender.run();
    const rows = await Promise.all(bench.directory.list().map(({ id }) => bench.all(id)));
    const busy = rows.map((of) => of.filter(({ owner }) => owner !== null).length);
    expect([Math.max(...busy), busy.reduce((sum, count) => sum + count)]).toEqual([3, 16]);
    await eventually(() => expect(answers).toHaveLength(16));
    bench.poster.answer = () => 204;
    for (const answer of answers) answer();
    await bench.sender.drain();
    expect(bench.poster.posts.filter(({ body }) => body.includes('book.placed')).length).toBe(60);
  });

  it('sends 4 side by side to a webhook at most, and keeps nobody waiting for those that never answer', async () => {
    const slow = [webhook];
    for (let count = 1; count < 4; count += 1) slow.push(await bench.aWebhook());
    for (let count = 0; count < 10; count += 1) await bench.anEvent();
    const answers: (() => void)[] = [];
    bench.poster.answer = () => new Promise((resolve) => answers.push(() => resolve(500)));
    await bench.follow();
    await bench.sender.run();
    await eventually(() => expect(answers).toHaveLength(16));
    const rows = await Promise.all(slow.map(({ id }) => bench.all(id)));
    expect(rows.map((of) => of.filter(({ owner }) => owner !== null).length)).toEqual([4, 4, 4, 4]);
    const prompt = await bench.aWebhook({ types: ['book.*'] });
    await bench.anEvent();
    await bench.follow();
    answers[0]?.();
    await eventually(async () => {
      await bench.sender.run();
      const [theirs] = await bench.all(prompt.id);
      expect(theirs).toMatchObject({ fence: 1 });
    });
    bench.poster.answer = () => 204;
    for (const answer of answers) answer();
    await bench.sender.drain();
  });

  it('disables a webhook that nothing has reached since a parked delivery was first tried', async () => {
    bench.poster.answer = () => 500;
    await bench.anEvent();
    await bench.follow();
    const first = bench.clock.now();
    for (let tries = 1; tries < 10; tries += 1) {
      await bench.sender.drain();
      bench.clock.advance(24 * HOUR);
    }
    expect((await present()).state.disabled).toBeNull();
    await bench.sender.drain();
    const { state, version } = await present();
    expect(state.disabled).toEqual({
      reason: `nothing arrived since ${first.toISOString()}; the last try: answered 500`,
      at: bench.clock.now(),
    });
    expect(bench.notices).toEqual([state.disabled?.reason]);
    expect(version).toBe(2);
    await bench.anEvent();
    await bench.follow();
    expect(await bench.all(webhook.id)).toHaveLength(1);
  });

  it('leaves a webhook enabled that something has reached meanwhile', async () => {
    await bench.anEvent('bad');
    await bench.follow();
    bench.poster.answer = ({ body }) => (body.includes('"bad"') ? 500 : 204);
    await bench.sender.drain();
    await bench.anEvent('good');
    await bench.follow();
    for (let tries = 0; tries < 10; tries += 1) {
      bench.clock.advance(24 * HOUR);
      await bench.sender.drain();
    }
    expect((await bench.all(webhook.id)).map(({ state }) => state)).toEqual(['failed', 'delivered']);
    expect((await present()).state.disabled).toBeNull();
  });

  it('disables a webhook at once whose receiver is gone, and parks what waits', async () => {
    bench.poster.answer = () => 500;
    await bench.anEvent('waits');
    await bench.follow();
    await bench.sender.drain();
    bench.poster.answer = () => 410;
    await bench.anEvent('gone');
    await bench.follow();
    await bench.sender.drain();
    expect((await present()).state.disabled?.reason).toBe('the receiver answered 410 Gone');
    bench.clock.advance(HOUR);
    await bench.sender.drain();
    expect(bench.poster.posts).toHaveLength(2);
    expect((await bench.all(webhook.id)).map(({ state, attempts }) => [state, attempts])).toEqual([
      ['failed', 1],
      ['failed', 1],
    ]);
  });

  it('forgets what is due of a webhook that is deleted meanwhile', async () => {
    await bench.anEvent();
    await bench.follow();
    const [{ id }] = [await one()];
    const claim = await bench.deliveries.claim(id, 'x', 1);
    await bench.webhooks.update(webhook.id, bench.context(), (present) => present.delete(bench.clock.now()));
    bench.clock.advance(1);
    await bench.sender.drain();
    expect([claim?.id, bench.poster.posts.length]).toEqual([id, 0]);
  });

  describe('at its stop', () => {
    it('begins nothing any more and waits for what is under way', async () => {
      for (let count = 0; count < 6; count += 1) await bench.anEvent();
      await bench.follow();
      const answers: (() => void)[] = [];
      bench.poster.answer = () => new Promise((resolve) => answers.push(() => resolve(204)));
      bench.sender.start();
      await bench.sender.run();
      await eventually(() => expect(answers).toHaveLength(4));
      const stopped = bench.sender.stop();
      for (const answer of answers) answer();
      await stopped;
      await bench.sender.run();
      expect((await bench.all(webhook.id)).map(({ state }) => state)).toEqual([
        ...['delivered', 'delivered', 'delivered', 'delivered', 'pending', 'pending'],
      ]);
    });

    it('gives back what is not answered in time, uncounted', async () => {
      await bench.anEvent();
      await bench.follow();
      bench.poster.answer = (_delivery, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve(0)));
      const impatient = bench.senderOf('b', { graceMs: 0 });
      await impatient.run();
      await eventually(() => expect(bench.poster.posts).toHaveLength(1));
      await impatient.stop();
      expect(await one()).toMatchObject({ state: 'pending', attempts: 0, tries: [], owner: null });
      bench.poster.answer = () => 204;
      await bench.sender.drain();
      expect(await one()).toMatchObject({ state: 'delivered', attempts: 1 });
    });
  });
});
