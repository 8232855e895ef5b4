import { plus, SECOND } from '../../kernel/clocks';
import { TargetNetworks } from '../outbound/target-networks';
import { webhooksBench } from '../testing/webhooks-bench';
import { UpdateWebhook, UpdateWebhookHandler } from './update-webhook.command';

describe('UpdateWebhook', () => {
  it('stands in the log before what is committed after it, also by a process whose clock is behind', async () => {
    const bench = webhooksBench();
    const { clock, store, webhooks } = bench;
    const { id } = await bench.aWebhook({ types: ['book.*'] });
    await webhooks.update(id, bench.context(), (it) => it.disable('x', clock.now()));
    const handler = new UpdateWebhookHandler(webhooks, new TargetNetworks([]), store, clock);
    const now = clock.now();
    await handler.execute(new UpdateWebhook(id, { enabled: true }, bench.context()));
    clock.set(plus(now, -SECOND));
    await bench.anEvent('told');
    await store.sequence();
    const [before, after] = (await store.readLog(0, 10)).slice(-2).map(({ commit }) => commit.events);
    expect([before?.[0]?.type, after?.[0]?.type]).toEqual(['webhook.enabled', 'book.placed']);
  });
});
