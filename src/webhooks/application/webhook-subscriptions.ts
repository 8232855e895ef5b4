import {
  type DirectoryFeed,
  type EventStore,
  type LogEntry,
  OneAtATime,
  type ReportError,
  streamOf,
  type SubscriptionDefinition,
  type SubscriptionHost,
} from '../../event-store';
import { type MachineClock } from '../../kernel/clocks';
import { type SecretVault } from '../../secrets';
import { type Deliveries } from '../domain/ports';
import { type Webhook } from '../domain/webhook';
import { type DeliveryMaker } from './delivery-maker';
import { type WebhookDirectory } from './webhook-directory';
import { type WebhookSender } from './webhook-sender';

export interface SubscriptionsServices {
  readonly store: EventStore;
  readonly host: Pick<SubscriptionHost, 'add' | 'remove'>;
  readonly directory: WebhookDirectory;
  /** keeps the directory up to date */
  readonly feed: Pick<DirectoryFeed, 'upTo'>;
  readonly deliveries: Deliveries;
  readonly vault: SecretVault;
  readonly maker: DeliveryMaker;
  readonly sender: WebhookSender;
  readonly clock: MachineClock;
  readonly report: ReportError;
}

/**
 * Gives each webhook a subscription of its own to the log, which stores a delivery for each event that it wants. It
 * compares what is with what should be, so that a webhook which another process made or deleted is noticed as well.
 */
export class WebhookSubscriptions {
  private readonly passes = new OneAtATime(() => this.pass());
  private readonly begun = new Set<string>();
  private readonly ended = new Set<string>();
  /** refs of secrets that were removed */
  private readonly dropped = new Set<string>();

  constructor(private readonly services: SubscriptionsServices) {}

  /** Never rejects: what fails is done by a later call. */
  sync(): Promise<void> {
    return this.passes.run();
  }

  /** Resolves when no call is under way. */
  idle(): Promise<void> {
    return this.passes.idle();
  }

  private async pass(): Promise<void> {
    const { directory, report } = this.services;
    for (const webhook of directory.all()) {
      try {
        await (webhook.state.deletedAt ? this.end(webhook) : this.keep(webhook));
      } catch (error) {
        report(error, `keep the subscription of the webhook ${webhook.id}`);
      }
    }
  }

  private async keep(webhook: Webhook): Promise<void> {
    const { host, clock } = this.services;
    const { id, state } = webhook;
    if (!this.begun.has(id)) {
      const startAfter = await this.creationOf(id);
      if (startAfter === null) return;
      await host.add(this.definition(id, startAfter));
      this.begun.add(id);
    }
    const { previousSecretRef, previousUntil } = state;
    if (previousSecretRef !== null && previousUntil !== null && previousUntil <= clock.now()) {
      await this.drop(previousSecretRef);
    }
  }

  /** Once in each process: whichever is last leaves nothing behind. */
  private async end({ id, state }: Webhook): Promise<void> {
    if (this.ended.has(id)) return;
    await this.services.host.remove(nameOf(id));
    for (const ref of [state.secretRef, state.previousSecretRef]) if (ref !== null) await this.drop(ref);
    await this.services.deliveries.removeAll(id);
    this.ended.add(id);
  }

  /** Position of the webhook's creation, which nothing before is told of; null while it has none. */
  private async creationOf(id: string): Promise<number | null> {
    const { store } = this.services;
    const streams = [streamOf('webhook', id)];
    const [created] = await store.readLog(0, 1, { streams });
    if (created) return created.position;
    await store.sequence();
    return (await store.readLog(0, 1, { streams }))[0]?.position ?? null;
  }

  private definition(id: string, startAfter: number): SubscriptionDefinition {
    return { name: nameOf(id), startAfter, kind: null, handle: (entry) => this.handle(id, entry) };
  }

  /** By the webhook as it is at the entry or later: one that another process enabled just before must not be skipped. */
  private async handle(id: string, entry: LogEntry): Promise<void> {
    const { directory, feed, deliveries, maker, sender } = this.services;
    await feed.upTo(entry.position);
    const webhook = directory.get(id);
    if (!webhook) throw new Error(`the webhook ${id} cannot be read`);
    if (webhook.state.deletedAt || webhook.state.disabled) return;
    const made = await maker.of(webhook, entry);
    if (made.length === 0) return;
    await deliveries.add(made);
    sender.nudge();
  }

  private async drop(ref: string): Promise<void> {
    if (this.dropped.has(ref)) return;
    await this.services.vault.remove(ref);
    this.dropped.add(ref);
  }
}

function nameOf(id: string): string {
  return `webhook:${id}`;
}
