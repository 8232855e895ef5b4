import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EventStore } from '../../event-store';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { TargetPolicy, WebhookRepository } from '../domain/ports';
import { type Webhook } from '../domain/webhook';
import { type WebhookDetails } from '../domain/webhook-events';
import { mustBeAt } from './expected-version';
import { targetOf } from './target-of';

export interface WebhookChanges extends Partial<Omit<WebhookDetails, 'origin'>> {
  readonly enabled?: boolean;
}

/** Changes what is given. @throws InvalidInput for a URL that must not be sent to */
export class UpdateWebhook extends Command<Webhook> {
  constructor(
    readonly webhookId: string,
    readonly changes: WebhookChanges,
    readonly context: CommandContext,
    readonly expectedVersion: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(UpdateWebhook)
export class UpdateWebhookHandler implements ICommandHandler<UpdateWebhook> {
  constructor(
    private readonly webhooks: WebhookRepository,
    private readonly policy: TargetPolicy,
    private readonly store: EventStore,
    private readonly clock: FleetClock,
  ) {}

  /** @throws WebhookNotFound, PreconditionFailed */
  async execute({ webhookId, changes, context, expectedVersion }: UpdateWebhook): Promise<Webhook> {
    const { enabled, url, ...rest } = changes;
    const details = { ...rest, ...(url !== undefined && targetOf(url, this.policy)) };
    const updated = await this.webhooks.update(webhookId, context, (webhook) => {
      mustBeAt(webhook, expectedVersion);
      const now = this.clock.now();
      webhook.update(details, now);
      if (enabled === true) webhook.enable(now);
      if (enabled === false) webhook.disable(`asked for by ${context.actor}`, now);
    });
    // placed before it is acknowledged: whatever is committed after that has a later position, and is judged by it
    await this.store.sequence();
    return updated;
  }
}
