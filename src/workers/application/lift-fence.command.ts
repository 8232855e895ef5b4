import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';

/** Sessions are offered again: the fence of this decision, or (null) whosever, is lifted. Nothing happens without one. */
export class LiftFence extends Command<void> {
  constructor(
    readonly workerId: string,
    readonly decisionId: string | null,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(LiftFence)
export class LiftFenceHandler implements ICommandHandler<LiftFence> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute({ workerId, decisionId, context }: LiftFence): Promise<void> {
    await this.workers.update(workerId, context, (worker) => worker.liftFence(decisionId, this.clock.now()));
  }
}
