import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import pLimit from 'p-limit';
import { DirectoryFeed, LeasedTicks, type Turn } from '../../event-store';
import { FleetClock, MachineClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { VersionConflict } from '../../kernel/domain-error';
import { LastAdminKey } from '../domain/access-errors';
import { ApiKeyRepository } from '../domain/ports';
import { ApiKeyDirectory } from './api-key-directory';

/** The job under whose lease one process at a time revokes keys. */
const REVOKE = 'revoke-api-key';

/** The key opens nothing any more: here at once, in other processes within a second. A no-op on a revoked key. */
export class RevokeApiKey extends Command<void> {
  constructor(
    readonly keyId: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

/** Whether a key is the last admin's is a question about all keys: one revocation at a time, with all others known. */
@CommandHandler(RevokeApiKey)
export class RevokeApiKeyHandler implements ICommandHandler<RevokeApiKey> {
  private readonly oneAtATime = pLimit(1);

  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly directory: ApiKeyDirectory,
    private readonly feed: DirectoryFeed,
    private readonly ticks: LeasedTicks,
    private readonly clock: FleetClock,
    private readonly machine: MachineClock,
  ) {}

  /** @throws ApiKeyNotFound, LastAdminKey; VersionConflict while another process revokes one; StoreUnavailable */
  async execute(command: RevokeApiKey): Promise<void> {
    const revoked = await this.oneAtATime(() =>
      this.ticks.exclusively(REVOKE, (turn) => this.revoke(command, turn)),
    );
    if (!revoked) throw inUse();
  }

  private async revoke({ keyId, context }: RevokeApiKey, turn: Turn): Promise<void> {
    await this.feed.readAll();
    await this.keys.update(keyId, context, (key) => {
      if (!turn.stillHeld()) throw inUse();
      if (this.directory.isLastAdmin(keyId, this.machine.now())) throw new LastAdminKey(key.state.name);
      key.revoke(context.actor, this.clock.now());
    });
  }
}

function inUse(): VersionConflict {
  return new VersionConflict('Another key is being revoked at this moment: repeat it in a few seconds.');
}
