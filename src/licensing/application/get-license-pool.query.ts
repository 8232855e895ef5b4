import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type LicensePool } from '../domain/license-pool';
import { LicensedWorkers, LicensePoolRepository } from '../domain/license-pool-ports';
import { LicensePoolDirectory } from './license-pool-directory';
import { compareWithServers, type PoolComparison } from '../domain/pool-comparison';

export interface ComparedPool {
  readonly pool: LicensePool;
  readonly compared: PoolComparison;
}

/** A pool from its stream, held against what the workers' servers report. @throws LicensePoolNotFound */
export class GetLicensePool extends Query<ComparedPool> {
  constructor(readonly poolId: string) {
    super();
  }
}

@QueryHandler(GetLicensePool)
export class GetLicensePoolHandler implements IQueryHandler<GetLicensePool> {
  constructor(
    private readonly pools: LicensePoolRepository,
    private readonly directory: LicensePoolDirectory,
    private readonly workers: LicensedWorkers,
    private readonly clock: FleetClock,
  ) {}

  async execute({ poolId }: GetLicensePool): Promise<ComparedPool> {
    const pool = await this.pools.get(poolId);
    const workers = new Map((await this.workers.active()).map((worker) => [worker.id, worker]));
    for (const { workerId } of pool.state.seats) {
      // the list has those that are managed only, and follows by a moment
      const worker = workers.get(workerId) ?? (await this.workers.of(workerId));
      if (worker) workers.set(workerId, worker);
    }
    const others = this.directory.list().filter(({ id }) => id !== poolId);
    const elsewhere = new Set(others.flatMap(({ state }) => state.seats.map(({ workerId }) => workerId)));
    return { pool, compared: compareWithServers(pool.state, workers, elsewhere, this.clock.now()) };
  }
}
