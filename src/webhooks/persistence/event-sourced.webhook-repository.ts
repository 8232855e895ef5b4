import { type AggregateStore } from '../../event-store';
import { type CommandContext } from '../../kernel/command-context';
import { WebhookRepository } from '../domain/ports';
import { type Webhook, type WebhookState } from '../domain/webhook';
import { WebhookNotFound } from '../domain/webhook-errors';

export class EventSourcedWebhookRepository extends WebhookRepository {
  constructor(private readonly webhooks: AggregateStore<Webhook, WebhookState>) {
    super();
  }

  async add(webhook: Webhook, context: CommandContext): Promise<Webhook> {
    return (await this.webhooks.create(webhook, context)).aggregate;
  }

  async get(id: string): Promise<Webhook> {
    const loaded = await this.webhooks.load(id);
    if (!loaded || loaded.aggregate.state.deletedAt) throw new WebhookNotFound(id);
    return loaded.aggregate;
  }

  async update(id: string, context: CommandContext, decide: (webhook: Webhook) => void): Promise<Webhook> {
    return (await this.webhooks.change(id, context, decide)).aggregate;
  }
}
