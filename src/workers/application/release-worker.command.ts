import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';
import { mustBeAt } from './wish-of';

/** Stop managing; the instance is left as it is. @throws InvalidTransition while something is under way */
export class ReleaseWorker extends Command<void> {
  constructor(
    readonly workerId: string,
    readonly context: CommandContext,
    readonly expectedRevision: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(ReleaseWorker)
export class ReleaseWorkerHandler implements ICommandHandler<ReleaseWorker> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute({ workerId, context, expectedRevision }: ReleaseWorker): Promise<void> {
    await this.workers.delete(workerId, context, this.clock.now(), (worker) =>
      mustBeAt(worker, expectedRevision),
    );
  }
}
