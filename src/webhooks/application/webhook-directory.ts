import { type AggregateDirectory } from '../../event-store';
import { type Webhook, type WebhookState } from '../domain/webhook';

/** All webhooks, in memory: each event asks for them. */
export class WebhookDirectory {
  constructor(private readonly webhooks: AggregateDirectory<Webhook, WebhookState>) {}

  /** Takes a webhook as it is now, unless a newer state of it is here already. */
  put(webhook: Webhook): void {
    this.webhooks.put(webhook);
  }

  /** Null for one that nobody can read, too. */
  get(id: string): Webhook | null {
    return this.webhooks.get(id);
  }

  /** Deleted ones, too. */
  all(): Webhook[] {
    return this.webhooks.all();
  }

  /** Those that are there, oldest first. */
  list(): Webhook[] {
    return this.all()
      .filter(({ state }) => !state.deletedAt)
      .sort((a, b) => comparePlaces(placeOf(a), placeOf(b)));
  }

  /** Calls the listener with each webhook that changed. It must not throw. */
  listen(listener: (webhook: Webhook) => void): void {
    this.webhooks.listen(listener);
  }
}

/** Where a webhook stands in the list. */
export interface WebhookPlace {
  readonly createdAt: string;
  readonly id: string;
}

export function placeOf({ id, state }: Webhook): WebhookPlace {
  return { createdAt: state.createdAt.toISOString(), id };
}

export function comparePlaces(a: WebhookPlace, b: WebhookPlace): number {
  const [left, right] = [`${a.createdAt} ${a.id}`, `${b.createdAt} ${b.id}`];
  return left < right ? -1 : Number(left > right);
}
