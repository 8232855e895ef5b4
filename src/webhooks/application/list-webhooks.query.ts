import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type Webhook } from '../domain/webhook';
import { comparePlaces, placeOf, WebhookDirectory, type WebhookPlace } from './webhook-directory';

/** The first `limit` webhooks after a place, or from the beginning, oldest first. */
export class ListWebhooks extends Query<Webhook[]> {
  constructor(
    readonly limit: number,
    readonly after: WebhookPlace | null,
  ) {
    super();
  }
}

@QueryHandler(ListWebhooks)
export class ListWebhooksHandler implements IQueryHandler<ListWebhooks> {
  constructor(private readonly directory: WebhookDirectory) {}

  execute({ limit, after }: ListWebhooks): Promise<Webhook[]> {
    const rest = this.directory
      .list()
      .filter((webhook) => !after || comparePlaces(placeOf(webhook), after) > 0);
    return Promise.resolve(rest.slice(0, limit));
  }
}
