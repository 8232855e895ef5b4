import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Delivery } from '../domain/delivery';
import { Deliveries, WebhookRepository } from '../domain/ports';
import { DeliveryNotFound, WebhookIsDisabled } from '../domain/webhook-errors';
import { WebhookSender } from './webhook-sender';

/** Sends a delivery again, whatever became of it, with a fresh count of tries. */
export class Redeliver extends Command<Delivery> {
  constructor(
    readonly webhookId: string,
    readonly deliveryId: string,
  ) {
    super();
  }
}

/** Sends everything again that is parked, with a fresh count of tries. Answers how much it is. */
export class ReplayParked extends Command<number> {
  constructor(readonly webhookId: string) {
    super();
  }
}

@CommandHandler(Redeliver)
export class RedeliverHandler implements ICommandHandler<Redeliver> {
  constructor(
    private readonly webhooks: WebhookRepository,
    private readonly deliveries: Deliveries,
    private readonly sender: WebhookSender,
  ) {}

  /** @throws WebhookNotFound, WebhookIsDisabled, DeliveryNotFound */
  async execute({ webhookId, deliveryId }: Redeliver): Promise<Delivery> {
    await mustBeEnabled(this.webhooks, webhookId);
    const before = await this.deliveries.find(deliveryId);
    // a ping is sent by POST …/test
    if (before?.webhookId !== webhookId || before.isPing) throw new DeliveryNotFound(webhookId, deliveryId);
    await this.deliveries.renew(deliveryId);
    this.sender.nudge();
    return (await this.deliveries.find(deliveryId)) ?? before;
  }
}

@CommandHandler(ReplayParked)
export class ReplayParkedHandler implements ICommandHandler<ReplayParked> {
  constructor(
    private readonly webhooks: WebhookRepository,
    private readonly deliveries: Deliveries,
    private readonly sender: WebhookSender,
  ) {}

  /** @throws WebhookNotFound, WebhookIsDisabled */
  async execute({ webhookId }: ReplayParked): Promise<number> {
    await mustBeEnabled(this.webhooks, webhookId);
    const count = await this.deliveries.renewFailed(webhookId);
    this.sender.nudge();
    return count;
  }
}

async function mustBeEnabled(webhooks: WebhookRepository, id: string): Promise<void> {
  const { state } = await webhooks.get(id);
  if (state.disabled) throw new WebhookIsDisabled(id);
}
