import { type AggregateDefinition } from '../../event-store';
import { Webhook, type WebhookState } from '../domain/webhook';
import { WebhookNotFound } from '../domain/webhook-errors';
import { type WebhookEvent } from '../domain/webhook-events';

/** How a webhook is brought back from its stream `webhook-<id>`. */
export const WEBHOOK_DEFINITION: AggregateDefinition<Webhook, WebhookState> = {
  streamPrefix: 'webhook',
  snapshotSchema: 1,
  restore: (id, events, from) => Webhook.restore(id, events as readonly WebhookEvent[], from ?? undefined),
  revive: (stored) => stored as unknown as WebhookState,
  missing: (id) => new WebhookNotFound(id),
};
