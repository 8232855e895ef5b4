import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { PreconditionFailed } from '../../kernel/domain-error';
import { type LabUser } from '../domain/lab-user';
import { LabUsers } from '../domain/ports';

/** How many assignments a user may have at the same moment; null: as the settings say. */
export class SetQuota extends Command<LabUser> {
  constructor(
    readonly userId: string,
    readonly quota: number | null,
    readonly context: CommandContext,
    readonly expectedVersion: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(SetQuota)
export class SetQuotaHandler implements ICommandHandler<SetQuota> {
  constructor(
    private readonly users: LabUsers,
    private readonly clock: FleetClock,
  ) {}

  /** @throws PreconditionFailed, VersionConflict */
  execute({ userId, quota, context, expectedVersion }: SetQuota): Promise<LabUser> {
    return this.users.change(userId, context, (user) => {
      if (expectedVersion !== null && expectedVersion !== user.version) {
        throw new PreconditionFailed(
          `The user ${userId} is at version ${user.version}, not ${expectedVersion}: load it again, and repeat ` +
            'with the ETag that comes with it.',
          { version: user.version },
        );
      }
      user.setQuota(userId, quota, this.clock.now());
    });
  }
}
