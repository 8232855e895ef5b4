import { type EventDecoder, type Installation, type LogEntry, toCloudEvent } from '../../event-store';
import { type DomainEvent, eventOf } from '../../kernel/domain-event';
import { derivedId } from '../../kernel/ids';
import { type NewDelivery } from '../domain/delivery';
import { selects } from '../domain/event-selection';
import { type Webhook } from '../domain/webhook';

/** What a test sends. It is never stored as an event. */
export class WebhookPing extends eventOf('webhook.ping')<{ message: string }> {}

/** Makes the deliveries of what stands in the log. */
export class DeliveryMaker {
  constructor(
    private readonly decoder: EventDecoder,
    private readonly installation: Pick<Installation, 'id'>,
  ) {}

  /** What the webhook is to be told of a commit. @throws UnknownEvent, StoreUnavailable */
  async of(webhook: Webhook, { commit, position }: LogEntry): Promise<NewDelivery[]> {
    const events = this.decoder.decode(commit).filter((event) => selects(webhook.state, event));
    if (events.length === 0) return [];
    const installation = await this.installation.id();
    return events.map((event) => deliveryOf(webhook, event, installation, { position, isPing: false }));
  }
}

/** The delivery of a stored event, the same each time it is made. */
export function deliveryOf(
  { id: webhookId }: Webhook,
  event: DomainEvent,
  installation: string,
  { position, isPing }: Pick<NewDelivery, 'position' | 'isPing'>,
): NewDelivery {
  const cloudEvent = toCloudEvent(event, installation);
  return {
    id: derivedId('webhook-delivery', webhookId, cloudEvent.id),
    webhookId,
    eventId: cloudEvent.id,
    eventType: cloudEvent.type,
    subject: event.aggregateId,
    position,
    body: JSON.stringify(cloudEvent),
    isPing,
  };
}
