import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { MachineClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { DomainError } from '../../kernel/domain-error';
import { SecretVault } from '../../secrets';
import { SecretGenerator, WebhookRepository } from '../domain/ports';
import { type WebhookWithSecret } from './create-webhook.command';
import { mustBeAt } from './expected-version';

/** A new secret signs from now on; the one before signs as well for a day. One older than that signs no more. */
export class RotateSecret extends Command<WebhookWithSecret> {
  constructor(
    readonly webhookId: string,
    readonly context: CommandContext,
    readonly expectedVersion: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(RotateSecret)
export class RotateSecretHandler implements ICommandHandler<RotateSecret> {
  constructor(
    private readonly webhooks: WebhookRepository,
    private readonly vault: SecretVault,
    private readonly generator: SecretGenerator,
    private readonly machine: MachineClock,
  ) {}

  /** @throws WebhookNotFound, PreconditionFailed */
  async execute({ webhookId, context, expectedVersion }: RotateSecret): Promise<WebhookWithSecret> {
    await this.webhooks.get(webhookId);
    const secret = this.generator.generate();
    const { ref, fingerprint } = await this.vault.put(secret);
    let dropped: string | null = null;
    const rotated = this.webhooks.update(webhookId, context, (present) => {
      mustBeAt(present, expectedVersion);
      dropped = present.state.previousSecretRef;
      present.rotateSecret({ secretRef: ref, secretFingerprint: fingerprint }, this.machine.now());
    });
    const webhook = await rotated.catch(async (error: unknown) => {
      // of what is not known to have failed it may be the secret
      if (error instanceof DomainError && error.kind !== 'unavailable') await this.vault.remove(ref);
      throw error;
    });
    const isOurs = webhook.state.secretRef === ref;
    const unused = isOurs ? dropped : ref;
    if (unused !== null) await this.vault.remove(unused);
    return { webhook, secret: isOurs ? secret : null };
  }
}
