import { type CommandContext } from '../../kernel/command-context';
import { type LicensedWorkers } from '../domain/license-pool-ports';
import { isRegistered } from '../domain/license-reading';
import { type WorkerLicenses } from '../domain/worker-license-ports';
import { type LicensePools } from './license-pools';

/** What becomes of the seat of a worker that is gone: nobody will give its licence back any more. */
export class SeatSettlement {
  constructor(
    private readonly workers: LicensedWorkers,
    private readonly pools: Pick<LicensePools, 'release' | 'strand'>,
    private readonly licenses: Pick<WorkerLicenses, 'of'>,
  ) {}

  /**
   * Frees the seat of a worker that ended without being registered, and strands that of one that was. No effect while it
   * is managed, and where the seat is settled already.
   */
  async settle(workerId: string, context: CommandContext): Promise<void> {
    const worker = await this.workers.of(workerId);
    if (!worker?.ended) return;
    const { name, ended, licenseStatus } = worker;
    const { holding, leftOver } = (await this.licenses.of(workerId)).state;
    if (leftOver) return this.pools.strand(workerId, leftOver.reason, context);
    // what was sent to its server counts, whatever that has said of it last
    const mayBeInUse = holding === 'ours' || holding === 'maybe';
    if (!mayBeInUse && !isRegistered(licenseStatus)) return this.pools.release(workerId, context);
    const reason =
      `The worker "${name}" was ${ended} while its licence was ${licenseStatus}: Cisco counts it until its instance is ` +
      'removed in Smart Software Manager, or its registration runs out.';
    return this.pools.strand(workerId, reason, context);
  }
}
