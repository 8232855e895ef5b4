import { HOUR } from '../../kernel/clocks';
import { StoreUnavailable } from '../../kernel/domain-error';
import { webhooksBench, type WebhooksBench } from '../testing/webhooks-bench';

describe('the subscriptions of webhooks', () => {
  let bench: WebhooksBench;
  beforeEach(() => {
    bench = webhooksBench();
  });

  const subjects = async (id: string) => (await bench.all(id)).map(({ subject }) => subject);

  it('begin with what comes after the creation of their webhook, however late they are made', async () => {
    await bench.anEvent('before');
    const webhook = await bench.aWebhook();
    await bench.anEvent('after-1');
    await bench.anEvent('after-2');
    await bench.follow();
    expect(await subjects(webhook.id)).toEqual(['after-1', 'after-2']);
    expect((await bench.subscribed.list()).map(({ name }) => name)).toEqual([`webhook:${webhook.id}`]);
  });

  it('store a delivery for what their webhook wants only', async () => {
    const books = await bench.aWebhook({ types: ['book.placed'] });
    const one = await bench.aWebhook({ workerIds: ['b1'] });
    const none = await bench.aWebhook({ types: ['worker.*'] });
    await bench.anEvent('b1');
    await bench.anEvent('b2');
    await bench.follow();
    expect(await subjects(books.id)).toEqual(['b1', 'b2']);
    expect(await subjects(one.id)).toEqual(['b1']);
    expect(await subjects(none.id)).toEqual([]);
  });

  it('store the same delivery when a commit comes again', async () => {
    const webhook = await bench.aWebhook();
    await bench.anEvent('b1');
    await bench.follow();
    const before = await bench.all(webhook.id);
    await bench.subscribed.remove(`webhook:${webhook.id}`);
    await bench.subscribed.ensure(`webhook:${webhook.id}`, 0);
    bench.clock.advance(HOUR);
    await bench.follow();
    const [created, ...after] = await bench.all(webhook.id);
    expect([created?.eventType, after]).toEqual(['io.cml-fleet.webhook.created.v1', before]);
  });

  it('store nothing while their webhook is disabled, and nothing of that time later', async () => {
    const webhook = await bench.aWebhook({ types: ['book.*'] });
    await bench.webhooks.update(webhook.id, bench.context(), (it) => it.disable('x', bench.clock.now()));
    await bench.anEvent('missed');
    await bench.follow();
    await bench.webhooks.update(webhook.id, bench.context(), (it) => it.enable(bench.clock.now()));
    await bench.anEvent('told');
    await bench.follow();
    expect(await subjects(webhook.id)).toEqual(['told']);
  });

  it('know what another process changed before the event that they handle', async () => {
    const webhook = await bench.aWebhook({ types: ['book.*'] });
    await bench.webhooks.update(webhook.id, bench.context(), (it) => it.disable('x', bench.clock.now()));
    await bench.follow();
    await bench.elsewhere.update(webhook.id, bench.context(), (it) => it.enable(bench.clock.now()));
    await bench.anEvent('told');
    await bench.follow();
    expect(await subjects(webhook.id)).toEqual(['told']);
  });

  it('do not let the URL out', async () => {
    const webhook = await bench.aWebhook();
    await bench.webhooks.update(webhook.id, bench.context(), (it) =>
      it.update({ url: 'https://hooks.example/other-token' }, bench.clock.now()),
    );
    await bench.follow();
    const [updated] = await bench.all(webhook.id);
    expect(updated?.body).toContain('"origin":"https://hooks.example"');
    expect(updated?.body).not.toMatch(/token/);
  });

  it('end with their webhook, and take its deliveries and secrets along', async () => {
    const webhook = await bench.aWebhook();
    await bench.anEvent();
    await bench.follow();
    await bench.webhooks.update(webhook.id, bench.context(), (it) => it.delete(bench.clock.now()));
    await bench.follow();
    expect(await bench.subscribed.list()).toEqual([]);
    expect(await bench.all(webhook.id)).toEqual([]);
    expect(await bench.vault.reveal(webhook.state.secretRef)).toBeNull();
  });

  it('are kept later where the store did not answer', async () => {
    const webhook = await bench.aWebhook();
    await bench.anEvent('b1');
    const ensure = jest.spyOn(bench.subscribed, 'ensure').mockRejectedValueOnce(new StoreUnavailable('away'));
    await bench.follow();
    expect(bench.errors).toEqual([expect.stringContaining('away')]);
    await bench.follow();
    expect(await subjects(webhook.id)).toEqual(['b1']);
    ensure.mockRestore();
  });
});
