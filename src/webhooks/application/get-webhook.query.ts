import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { WebhookRepository } from '../domain/ports';
import { type Webhook } from '../domain/webhook';

/** @throws WebhookNotFound */
export class GetWebhook extends Query<Webhook> {
  constructor(readonly webhookId: string) {
    super();
  }
}

@QueryHandler(GetWebhook)
export class GetWebhookHandler implements IQueryHandler<GetWebhook> {
  constructor(private readonly webhooks: WebhookRepository) {}

  execute({ webhookId }: GetWebhook): Promise<Webhook> {
    return this.webhooks.get(webhookId);
  }
}
