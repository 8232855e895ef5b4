import { HOUR } from '../../kernel/clocks';
import { Secret } from '../../kernel/secret';
import { type Webhook } from '../domain/webhook';
import { isSignedBy } from '../testing/receiver';
import { SIGNING_SECRET, webhooksBench, type WebhooksBench } from '../testing/webhooks-bench';

describe('an attempt to deliver', () => {
  let bench: WebhooksBench;
  let webhook: Webhook;
  beforeEach(async () => {
    bench = webhooksBench();
    webhook = await bench.aWebhook();
  });
  afterEach(() => expect(bench.errors).toEqual([]));

  it('takes an unreadable secret for a failed try that names the key', async () => {
    await bench.anEvent();
    await bench.follow();
    await bench.senderOf('b', { vault: bench.vaultOf('k2') }).drain();
    expect(bench.poster.posts).toEqual([]);
    expect((await bench.all(webhook.id))[0]?.tries).toEqual([
      expect.objectContaining({ status: null, error: expect.stringContaining('"k1"') as string }),
    ]);
  });

  it('signs with a new secret alone where the one before cannot be read, for which a rotation is the remedy', async () => {
    const vault = bench.vaultOf('k2');
    const { ref, fingerprint } = await vault.put(new Secret(SIGNING_SECRET));
    await bench.webhooks.update(webhook.id, bench.context(), (present) =>
      present.rotateSecret({ secretRef: ref, secretFingerprint: fingerprint }, bench.clock.now()),
    );
    await bench.anEvent();
    await bench.follow();
    await bench.senderOf('b', { vault }).drain();
    expect(bench.poster.posts.at(-1)?.headers['webhook-signature']).toMatch(/^v1,[^ ]+$/);
  });

  it('signs with two secrets for a day after a rotation, then with the new one only', async () => {
    const next = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
    const kept = await bench.vault.put(new Secret(next));
    await bench.webhooks.update(webhook.id, bench.context(), (present) =>
      present.rotateSecret({ secretRef: kept.ref, secretFingerprint: kept.fingerprint }, bench.clock.now()),
    );
    const signers = async () => {
      bench.poster.posts.length = 0;
      await bench.anEvent();
      await bench.follow();
      await bench.sender.drain();
      const post = bench.poster.posts.at(-1);
      if (!post) throw new Error('nothing was sent');
      const received = { method: 'POST', path: '/', headers: post.headers, body: Buffer.from(post.body) };
      return [SIGNING_SECRET, next].map((secret) => isSignedBy(secret, received, bench.clock.now()));
    };
    expect(await signers()).toEqual([true, true]);
    bench.clock.advance(24 * HOUR - 1);
    expect(await signers()).toEqual([true, true]);
    bench.clock.advance(1);
    expect(await signers()).toEqual([false, true]);
    await bench.subscriptions.sync();
    expect(await bench.vault.reveal(webhook.state.secretRef)).toBeNull();
    expect((await bench.vault.reveal(kept.ref))?.reveal()).toBe(next);
  });
});
