import {
  AggregateDirectory,
  AggregateStores,
  DirectoryFeed,
  EventRegistry,
  LogTail,
  SubscriptionHost,
} from '../../event-store';
import { MemoryParkedStreams } from '../../event-store/memory/memory-parked-streams';
import { MemorySnapshotStore } from '../../event-store/memory/memory-snapshot-store';
import { MemorySubscriptions } from '../../event-store/memory/memory-subscriptions';
import { aRequest, BookMoved, BookPlaced } from '../../event-store/testing/books';
import { memoryStore } from '../../event-store/testing/memory-store';
import { systemContext } from '../../kernel/command-context';
import { SequentialIds } from '../../kernel/ids';
import { Secret } from '../../kernel/secret';
import { memoryVaults } from '../../secrets/testing/memory-vaults';
import { DeliveryAttempt } from '../application/delivery-attempt';
import { DeliveryMaker } from '../application/delivery-maker';
import { WebhookDirectory } from '../application/webhook-directory';
import { WebhookSender } from '../application/webhook-sender';
import { WebhookSubscriptions } from '../application/webhook-subscriptions';
import { type Deliveries } from '../domain/ports';
import { Webhook } from '../domain/webhook';
import { type WebhookDetails, WEBHOOK_EVENTS } from '../domain/webhook-events';
import { StandardSigner } from '../outbound/standard-signer';
import { EventSourcedWebhookRepository } from '../persistence/event-sourced.webhook-repository';
import { MemoryDeliveries } from '../persistence/memory-deliveries';
import { WEBHOOK_DEFINITION } from '../persistence/webhook-definition';
import { ScriptedPoster } from './scripted-poster';

export const SIGNING_SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

/** Everything between the log and the poster, in memory, with time in the hands of the test. */
export function webhooksBench() {
  const { store, seal, clock } = memoryStore();
  const ids = new SequentialIds();
  const errors: string[] = [];
  const report = (error: unknown, during: string) => void errors.push(`${during}: ${String(error)}`);
  const registry = new EventRegistry();
  registry.register([...WEBHOOK_EVENTS, BookMoved, BookPlaced]);
  const pause = () => Promise.resolve();
  const random = () => 0;
  const stores = new AggregateStores({
    ...{ store, seal, decoder: registry, report, random, pause },
    snapshots: new MemorySnapshotStore(),
  });
  const aggregates = new AggregateDirectory(WEBHOOK_DEFINITION, registry, report);
  const directory = new WebhookDirectory(aggregates);
  const webhooks = new EventSourcedWebhookRepository(
    stores.open(WEBHOOK_DEFINITION, (_commit, _events, webhook) => directory.put(webhook)),
  );
  /** as another process has them: nothing of what it commits is put here */
  const elsewhere = new EventSourcedWebhookRepository(stores.open(WEBHOOK_DEFINITION));
  const vaultOf = memoryVaults(ids);
  const vault = vaultOf('k1');
  const deliveries: Deliveries = new MemoryDeliveries(clock);
  const poster = new ScriptedPoster(clock);
  const notices: string[] = [];
  const onDisabled = (_id: string, reason: string) => void notices.push(reason);
  const parts = { webhooks, deliveries, vault, poster, clock, fleet: clock, random, onDisabled };
  const senderOf = (owner: string, own: Partial<typeof parts & { graceMs: number }> = {}) => {
    const attempt = new DeliveryAttempt({ ...parts, signer: new StandardSigner(), ...own });
    const { graceMs } = own;
    return new WebhookSender({ deliveries, directory, attempt, owner, report, graceMs });
  };
  const sender = senderOf('a');

  const tail = new LogTail(store, report);
  const feed = new DirectoryFeed(store, tail, report);
  let filled: Promise<void> | null = null;
  const subscribed = new MemorySubscriptions(clock);
  const host = new SubscriptionHost({
    ...{ store, tail, clock, report, random, owner: 'a' },
    subscriptions: subscribed,
    parked: new MemoryParkedStreams(),
  });
  const maker = new DeliveryMaker(registry, { id: () => Promise.resolve('i-1') });
  const subscriptions = new WebhookSubscriptions({
    ...{ store, host, directory, feed, deliveries, vault, maker, sender, clock, report },
  });

  let count = 0;
  const context = () => systemContext('test', `command-${(count += 1)}`);
  return {
    ...{ store, clock, errors, directory, webhooks, elsewhere, vault, vaultOf },
    ...{ deliveries, poster, sender, senderOf },
    ...{ subscriptions, subscribed, context, notices },
    /** Stores a webhook that wants to hear of everything, but for what is stated. */
    async aWebhook(given: Partial<WebhookDetails> = {}): Promise<Webhook> {
      const { ref, fingerprint } = await vault.put(new Secret(SIGNING_SECRET));
      const url = 'https://hooks.example/path-token?query-token';
      const webhook = Webhook.create(ids.next(), {
        ...{ url, origin: 'https://hooks.example', types: [], workerIds: [], description: '' },
        ...{ secretRef: ref, secretFingerprint: fingerprint, createdAt: clock.now(), createdBy: 'user:ann' },
        ...given,
      });
      const added = await webhooks.add(webhook, context());
      // commits of one moment are placed by their names
      await store.sequence();
      return added;
    },
    /** A book is placed: one event, `book.placed`. */
    async anEvent(book = `b${(count += 1)}`): Promise<void> {
      const placed = new BookPlaced(book, { shelf: 'A', at: clock.now(), tags: {} });
      await store.append(
        aRequest({ stream: `book-${book}`, events: [placed], commandId: `command-${(count += 1)}` }),
      );
    },
    /** Everything stored becomes deliveries where somebody wants it. */
    async follow(): Promise<void> {
      await store.sequence();
      await (filled ??= feed.fill(aggregates));
      await tail.refresh();
      await subscriptions.sync();
      await host.runAll();
    },
    /** The deliveries of a webhook, oldest first. */
    async all(webhookId: string) {
      const page = { webhookId, states: null, after: null, limit: 1_000 };
      return (await deliveries.page(page)).sort((a, b) => a.position - b.position);
    },
  };
}

export type WebhooksBench = ReturnType<typeof webhooksBench>;
