import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { type Secret } from '../../kernel/secret';
import { EventStore } from '../../event-store';
import { SecretVault } from '../../secrets';
import { SecretGenerator, TargetPolicy, WebhookRepository } from '../domain/ports';
import { Webhook } from '../domain/webhook';
import { type WebhookDetails } from '../domain/webhook-events';
import { targetOf } from './target-of';

export interface WebhookWithSecret {
  readonly webhook: Webhook;
  /** Null when the command was carried out before: the secret was shown then. */
  readonly secret: Secret | null;
}

/** @throws InvalidInput for a URL that must not be sent to */
export class CreateWebhook extends Command<WebhookWithSecret> {
  constructor(
    readonly wanted: Omit<WebhookDetails, 'origin'>,
    readonly context: CommandContext,
  ) {
    super();
  }
}

/** The secret is stored first: a webhook without one could not send. A crash in between leaves one that nobody uses. */
@CommandHandler(CreateWebhook)
export class CreateWebhookHandler implements ICommandHandler<CreateWebhook> {
  constructor(
    private readonly webhooks: WebhookRepository,
    private readonly vault: SecretVault,
    private readonly generator: SecretGenerator,
    private readonly policy: TargetPolicy,
    private readonly store: EventStore,
    private readonly clock: FleetClock,
  ) {}

  async execute({ wanted, context }: CreateWebhook): Promise<WebhookWithSecret> {
    const target = targetOf(wanted.url, this.policy);
    const secret = this.generator.generate();
    const { ref, fingerprint } = await this.vault.put(secret);
    const wish = Webhook.create(derivedId('webhook', context.commandId), {
      ...wanted,
      ...target,
      secretRef: ref,
      secretFingerprint: fingerprint,
      createdAt: this.clock.now(),
      createdBy: context.actor,
    });
    const webhook = await this.webhooks.add(wish, context);
    // placed before it is acknowledged: whatever is committed after that has a later position, and is told
    await this.store.sequence();
    if (webhook.state.secretRef === ref) return { webhook, secret };
    await this.vault.remove(ref);
    return { webhook, secret: null };
  }
}
