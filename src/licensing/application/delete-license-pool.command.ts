import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { LicensePoolRepository } from '../domain/license-pool-ports';
import { mustBeAt } from './license-pool-version';

/** Nobody is registered with its token any more, and its name is free; a no-op on a deleted pool. */
export class DeleteLicensePool extends Command<void> {
  constructor(
    readonly poolId: string,
    /** also while seats are taken: nobody counts them any more */
    readonly force: boolean,
    readonly context: CommandContext,
    readonly expectedRevision: number | null = null,
  ) {
    super();
  }
}

/** The token stays in the vault for as long as a worker refers to it; then the sweep of the vault removes it. */
@CommandHandler(DeleteLicensePool)
export class DeleteLicensePoolHandler implements ICommandHandler<DeleteLicensePool> {
  constructor(
    private readonly pools: LicensePoolRepository,
    private readonly clock: FleetClock,
  ) {}

  /** @throws LicensePoolNotFound, LicensePoolInUse, PreconditionFailed */
  async execute({ poolId, force, context, expectedRevision }: DeleteLicensePool): Promise<void> {
    await this.pools.update(poolId, context, (pool) => {
      mustBeAt(pool, expectedRevision);
      pool.delete(force, this.clock.now());
    });
  }
}
