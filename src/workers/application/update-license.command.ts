import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';
import { type LicenseTokenReference } from '../domain/worker-state';
import { type LicenseStatus } from '../domain/worker-status';

/** What is known of the licence; of the token only its reference and fingerprint. */
export class UpdateLicense extends Command<void> {
  constructor(
    readonly workerId: string,
    readonly status: LicenseStatus,
    /** null: the one that is known stays; `none`: the licence was given back */
    readonly token: LicenseTokenReference | 'none' | null,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(UpdateLicense)
export class UpdateLicenseHandler implements ICommandHandler<UpdateLicense> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute({ workerId, status, token, context }: UpdateLicense): Promise<void> {
    const now = this.clock.now();
    await this.workers.update(workerId, context, (worker) => worker.updateLicense(status, token, now));
  }
}
