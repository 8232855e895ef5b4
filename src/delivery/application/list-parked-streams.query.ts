import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type ParkedStream, ParkedStreams, Subscriptions } from '../../event-store';
import { SubscriptionNotFound } from '../domain/delivery-errors';

/** The streams that a subscription has put aside, by name. @throws SubscriptionNotFound */
export class ListParkedStreams extends Query<ParkedStream[]> {
  constructor(readonly subscription: string) {
    super();
  }
}

@QueryHandler(ListParkedStreams)
export class ListParkedStreamsHandler implements IQueryHandler<ListParkedStreams> {
  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly parked: ParkedStreams,
  ) {}

  async execute({ subscription }: ListParkedStreams): Promise<ParkedStream[]> {
    const states = await this.subscriptions.list();
    if (!states.some(({ name }) => name === subscription)) throw new SubscriptionNotFound(subscription);
    return this.parked.of(subscription);
  }
}
