import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type Delivery } from '../domain/delivery';
import { Deliveries, type DeliveryPage, WebhookRepository } from '../domain/ports';

/** A webhook's deliveries of the last 30 days, newest first. @throws WebhookNotFound */
export class ListDeliveries extends Query<Delivery[]> {
  constructor(readonly page: DeliveryPage) {
    super();
  }
}

@QueryHandler(ListDeliveries)
export class ListDeliveriesHandler implements IQueryHandler<ListDeliveries> {
  constructor(
    private readonly webhooks: WebhookRepository,
    private readonly deliveries: Deliveries,
  ) {}

  async execute({ page }: ListDeliveries): Promise<Delivery[]> {
    await this.webhooks.get(page.webhookId);
    return this.deliveries.page(page);
  }
}
