import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { type LicensePool } from '../domain/license-pool';
import { LicensePoolRepository } from '../domain/license-pool-ports';
import { mustBeAt } from './license-pool-version';

/** A person has seen to it that a stranded licence is not counted at Cisco any more. */
export class FreeLicenseSeat extends Command<LicensePool> {
  constructor(
    readonly poolId: string,
    readonly workerId: string,
    readonly reason: string,
    readonly context: CommandContext,
    readonly expectedRevision: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(FreeLicenseSeat)
export class FreeLicenseSeatHandler implements ICommandHandler<FreeLicenseSeat> {
  constructor(
    private readonly pools: LicensePoolRepository,
    private readonly clock: FleetClock,
  ) {}

  /** @throws LicensePoolNotFound, LicenseSeatNotFound, LicenseSeatNotStranded, PreconditionFailed */
  execute({ poolId, workerId, reason, context, expectedRevision }: FreeLicenseSeat): Promise<LicensePool> {
    return this.pools.update(poolId, context, (pool) => {
      mustBeAt(pool, expectedRevision);
      pool.free(workerId, reason, context.actor, this.clock.now());
    });
  }
}
