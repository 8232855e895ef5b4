import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';
import { type StatusReason } from '../domain/worker-state';
import { type CMLWorkerStatus } from '../domain/worker-status';

/** What is known of the EC2 status without a reading of the instance: UNKNOWN when nobody could tell for long, with why. */
export class UpdateWorkerStatus extends Command<void> {
  constructor(
    readonly workerId: string,
    readonly status: CMLWorkerStatus,
    readonly reason: Omit<StatusReason, 'at'> | null,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(UpdateWorkerStatus)
export class UpdateWorkerStatusHandler implements ICommandHandler<UpdateWorkerStatus> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute({ workerId, status, reason, context }: UpdateWorkerStatus): Promise<void> {
    const now = this.clock.now();
    await this.workers.update(workerId, context, (worker) => {
      const changed = worker.updateStatus(status, now);
      if (changed && reason) worker.explain({ ...reason, at: now }, now);
    });
  }
}
