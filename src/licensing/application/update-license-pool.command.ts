import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { type Secret } from '../../kernel/secret';
import { SecretVault } from '../../secrets';
import { type LicensePool } from '../domain/license-pool';
import { type PoolDetails, type PoolToken } from '../domain/license-pool-events';
import { LicensePoolRepository } from '../domain/license-pool-ports';
import { mustBeAt } from './license-pool-version';
import { putToken } from './pool-token';

/** Changes what is given. */
export class UpdateLicensePool extends Command<LicensePool> {
  constructor(
    readonly poolId: string,
    readonly changes: Partial<PoolDetails>,
    /** null: the one that it has. The same one again changes nothing */
    readonly token: Secret | null,
    readonly context: CommandContext,
    readonly expectedRevision: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(UpdateLicensePool)
export class UpdateLicensePoolHandler implements ICommandHandler<UpdateLicensePool> {
  constructor(
    private readonly pools: LicensePoolRepository,
    private readonly vault: SecretVault,
    private readonly clock: FleetClock,
  ) {}

  /** @throws LicensePoolNotFound, LicensePoolNameTaken, PreconditionFailed */
  async execute(command: UpdateLicensePool): Promise<LicensePool> {
    const { poolId, token } = command;
    const { state } = await this.pools.get(poolId);
    if (token === null || (await this.vault.holds(state.token.ref, token))) return this.store(command, null);
    return putToken(this.vault, token, (kept) => this.store(command, kept));
  }

  private store(
    { poolId, changes, context, expectedRevision }: UpdateLicensePool,
    token: PoolToken | null,
  ): Promise<LicensePool> {
    return this.pools.update(poolId, context, (pool) => {
      mustBeAt(pool, expectedRevision);
      const now = this.clock.now();
      pool.update(changes, now);
      if (token) pool.replaceToken(token, now);
    });
  }
}
