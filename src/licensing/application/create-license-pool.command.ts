import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { type Secret } from '../../kernel/secret';
import { SecretVault } from '../../secrets';
import { LicensePool } from '../domain/license-pool';
import { type PoolDetails } from '../domain/license-pool-events';
import { LicensePoolRepository } from '../domain/license-pool-ports';
import { putToken } from './pool-token';

/** @throws LicensePoolNameTaken */
export class CreateLicensePool extends Command<LicensePool> {
  constructor(
    readonly details: PoolDetails,
    readonly token: Secret,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(CreateLicensePool)
export class CreateLicensePoolHandler implements ICommandHandler<CreateLicensePool> {
  constructor(
    private readonly pools: LicensePoolRepository,
    private readonly vault: SecretVault,
    private readonly clock: FleetClock,
  ) {}

  execute({ details, token, context }: CreateLicensePool): Promise<LicensePool> {
    return putToken(this.vault, token, (kept) => {
      const given = { ...details, token: kept, createdAt: this.clock.now(), createdBy: context.actor };
      // derived, so that a repeated command finds the pool that its first try made
      const id = derivedId('license-pool', context.commandId);
      return this.pools.add(LicensePool.create(id, given), context);
    });
  }
}
