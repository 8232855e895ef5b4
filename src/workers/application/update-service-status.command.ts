import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';
import { type ServiceFinding } from '../domain/service-reason';
import { type CMLServiceStatus } from '../domain/worker-status';

/** What the readings of the CML server say about its service and why, and the version that it names. */
export class UpdateServiceStatus extends Command<void> {
  constructor(
    readonly workerId: string,
    readonly status: CMLServiceStatus,
    readonly httpsEndpoint: string | null,
    readonly cmlVersion: string | null,
    readonly finding: ServiceFinding | null,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(UpdateServiceStatus)
export class UpdateServiceStatusHandler implements ICommandHandler<UpdateServiceStatus> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute({
    workerId,
    status,
    httpsEndpoint,
    cmlVersion,
    finding,
    context,
  }: UpdateServiceStatus): Promise<void> {
    const now = this.clock.now();
    await this.workers.update(workerId, context, (worker) => {
      worker.updateServiceStatus(status, httpsEndpoint, now, finding);
      if (cmlVersion) worker.updateVersion(cmlVersion, now);
    });
  }
}
