import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Installation } from '../../event-store';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { type Delivery } from '../domain/delivery';
import { Deliveries, WebhookRepository } from '../domain/ports';
import { deliveryOf, WebhookPing } from './delivery-maker';
import { WebhookSender } from './webhook-sender';

/** Sends a ping now, once, even to a disabled webhook. Answers it with what became of it. @throws WebhookNotFound */
export class TestWebhook extends Command<Delivery> {
  constructor(
    readonly webhookId: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(TestWebhook)
export class TestWebhookHandler implements ICommandHandler<TestWebhook> {
  constructor(
    private readonly webhooks: WebhookRepository,
    private readonly deliveries: Deliveries,
    private readonly installation: Installation,
    private readonly sender: WebhookSender,
    private readonly clock: FleetClock,
  ) {}

  async execute({ webhookId, context }: TestWebhook): Promise<Delivery> {
    const webhook = await this.webhooks.get(webhookId);
    const { commandId, ...meta } = context;
    const ping = new WebhookPing(
      webhookId,
      { message: 'A test: somebody asked whether events arrive here.' },
      { ...meta, id: derivedId('webhook-ping', commandId), version: webhook.version, at: this.clock.now() },
    );
    const delivery = deliveryOf(webhook, ping, await this.installation.id(), { position: 0, isPing: true });
    await this.deliveries.add([delivery]);
    await this.sender.sendNow(delivery.id, webhook);
    const sent = await this.deliveries.find(delivery.id);
    if (!sent) throw new Error(`the ping ${delivery.id} is gone`);
    return sent;
  }
}
