import { type CommandContext } from '../../kernel/command-context';
import { type LicenseTokenReference, UpdateLicense } from '../../workers';
import { type LicenseStatusValue } from '../domain/license-reading';
import { type WorkerLicense } from '../domain/worker-license';
import { type LicenseServices } from './license-work';

/** What follows elsewhere from what is known of a licence. Everything here is harmless to repeat. */
export class LicenseBooks {
  constructor(private readonly services: Pick<LicenseServices, 'pools' | 'commands'>) {}

  /** The seat of a server that holds no licence is free, unless Cisco may count one as in use all the same. */
  async settleSeat({ id, state }: WorkerLicense, context: CommandContext): Promise<void> {
    const { pools } = this.services;
    if (state.holding !== 'none') return;
    if (state.leftOver) await pools.strand(id, state.leftOver.reason, context);
    else await pools.release(id, context);
  }

  async tellWorker(
    workerId: string,
    status: LicenseStatusValue,
    token: LicenseTokenReference | 'none' | null,
    context: CommandContext,
  ): Promise<void> {
    await this.services.commands.execute(new UpdateLicense(workerId, status, token, context));
  }
}
