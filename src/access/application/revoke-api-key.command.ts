import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock, MachineClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { LastAdminKey } from '../domain/access-errors';
import { ApiKeyRepository } from '../domain/ports';
import { ApiKeyDirectory } from './api-key-directory';

/** The key opens nothing any more: here at once, in other processes within a second. A no-op on a revoked key. */
export class RevokeApiKey extends Command<void> {
  constructor(
    readonly keyId: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RevokeApiKey)
export class RevokeApiKeyHandler implements ICommandHandler<RevokeApiKey> {
  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly directory: ApiKeyDirectory,
    private readonly clock: FleetClock,
    private readonly machine: MachineClock,
  ) {}

  /** @throws ApiKeyNotFound, LastAdminKey */
  async execute({ keyId, context }: RevokeApiKey): Promise<void> {
    await this.keys.update(keyId, context, (key) => {
      if (this.directory.isLastAdmin(keyId, this.machine.now())) throw new LastAdminKey(key.state.name);
      key.revoke(context.actor, this.clock.now());
    });
  }
}
