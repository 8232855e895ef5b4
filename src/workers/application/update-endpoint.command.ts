import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';

/** Another address under which the CML server is reached; null leaves the one known. */
export class UpdateEndpoint extends Command<void> {
  constructor(
    readonly workerId: string,
    readonly httpsEndpoint: string | null,
    readonly publicIp: string | null,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(UpdateEndpoint)
export class UpdateEndpointHandler implements ICommandHandler<UpdateEndpoint> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute({ workerId, httpsEndpoint, publicIp, context }: UpdateEndpoint): Promise<void> {
    const now = this.clock.now();
    await this.workers.update(workerId, context, (worker) =>
      worker.updateEndpoint(httpsEndpoint, publicIp, now),
    );
  }
}
