import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';
import { type WorkerState } from '../domain/worker-state';
import { mustBeAt } from './wish-of';

/** No automatic stop until lifted, or until it expires (fleet time); null lifts it. */
export class ProtectWorker extends Command<WorkerState> {
  constructor(
    readonly workerId: string,
    readonly protection: { readonly reason: string; readonly expiresAt: Date | null } | null,
    readonly context: CommandContext,
    readonly expectedRevision: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(ProtectWorker)
export class ProtectWorkerHandler implements ICommandHandler<ProtectWorker> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute({ workerId, protection, context, expectedRevision }: ProtectWorker): Promise<WorkerState> {
    const now = this.clock.now();
    const worker = await this.workers.update(workerId, context, (worker) => {
      mustBeAt(worker, expectedRevision);
      worker.protect(protection && { ...protection, by: context.actor, at: now }, now);
    });
    return worker.state;
  }
}
