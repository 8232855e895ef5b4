import { type FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { VersionConflict } from '../../kernel/domain-error';
import { type IdSource } from '../../kernel/ids';
import { type LicensePool } from '../domain/license-pool';
import { type LicensePoolRepository } from '../domain/license-pool-ports';
import { type LicenseStatusValue } from '../domain/license-reading';
import { LicensePools, type PoolSeat } from './license-pools';

/**
 * How often a change of seats begins anew after others were faster too often: a course that starts registers all its
 * workers at once, and each of them is to have its seat, or to hear that there is none.
 */
const ROUNDS = 20;

/**
 * Seats by the streams of the pools. Whether something is done already is told by the pool, not by the id of the
 * command: a caller may take, release and take again within one command of its own, and each try decides anew.
 */
export class StoredLicensePools extends LicensePools {
  constructor(
    private readonly pools: LicensePoolRepository,
    private readonly clock: FleetClock,
    private readonly ids: IdSource,
  ) {
    super();
  }

  async take(poolId: string, workerId: string, context: CommandContext): Promise<PoolSeat> {
    const pool = await this.change(poolId, context, (it) => it.take(workerId, this.clock.now()));
    return seatIn(pool);
  }

  async seatOf(workerId: string): Promise<PoolSeat | null> {
    const pool = await this.pools.seating(workerId);
    return pool && seatIn(pool);
  }

  release(workerId: string, context: CommandContext): Promise<void> {
    return this.atSeat(workerId, context, (pool) => pool.release(workerId, this.clock.now()));
  }

  strand(workerId: string, reason: string, context: CommandContext): Promise<void> {
    return this.atSeat(workerId, context, (pool) => pool.strand(workerId, reason, this.clock.now()));
  }

  /** What the worker's server said about its licence at a time; no effect without a seat. @throws StoreUnavailable */
  reported(workerId: string, status: LicenseStatusValue, at: Date, context: CommandContext): Promise<void> {
    return this.atSeat(workerId, context, (pool) => pool.report(workerId, status, at));
  }

  private async atSeat(
    workerId: string,
    context: CommandContext,
    decide: (pool: LicensePool) => void,
  ): Promise<void> {
    const pool = await this.pools.seating(workerId);
    if (pool) await this.change(pool.id, context, decide);
  }

  private async change(
    poolId: string,
    context: CommandContext,
    decide: (pool: LicensePool) => void,
  ): Promise<LicensePool> {
    const causationId = context.causationId ?? context.commandId;
    for (let round = 1; ; round += 1) {
      try {
        const own = { ...context, causationId, commandId: this.ids.next() };
        return await this.pools.update(poolId, own, decide);
      } catch (error) {
        if (!(error instanceof VersionConflict) || round === ROUNDS) throw error;
      }
    }
  }
}

function seatIn({ id, state }: LicensePool): PoolSeat {
  const { token, productLicense, features } = state;
  return { poolId: id, tokenRef: token.ref, fingerprint: token.fingerprint, productLicense, features };
}
