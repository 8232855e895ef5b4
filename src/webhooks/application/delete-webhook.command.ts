import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { WebhookRepository } from '../domain/ports';
import { mustBeAt } from './expected-version';

/** Nothing is sent to it any more; its secrets and deliveries are removed soon after. A no-op on a deleted webhook. */
export class DeleteWebhook extends Command<void> {
  constructor(
    readonly webhookId: string,
    readonly context: CommandContext,
    readonly expectedVersion: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(DeleteWebhook)
export class DeleteWebhookHandler implements ICommandHandler<DeleteWebhook> {
  constructor(
    private readonly webhooks: WebhookRepository,
    private readonly clock: FleetClock,
  ) {}

  /** @throws WebhookNotFound, PreconditionFailed */
  async execute({ webhookId, context, expectedVersion }: DeleteWebhook): Promise<void> {
    await this.webhooks.update(webhookId, context, (webhook) => {
      mustBeAt(webhook, expectedVersion);
      webhook.delete(this.clock.now());
    });
  }
}
