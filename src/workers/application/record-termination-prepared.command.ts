import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';
import { type TerminationPrepared } from '../domain/worker-state';

/**
 * What comes before the instance is terminated was done, or tried: the reconciler need not wait for it any more. No
 * effect for another intent than the present one. @throws WorkerNotFound
 */
export class RecordTerminationPrepared extends Command<void> {
  constructor(
    readonly workerId: string,
    readonly prepared: TerminationPrepared,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RecordTerminationPrepared)
export class RecordTerminationPreparedHandler implements ICommandHandler<RecordTerminationPrepared> {
  constructor(private readonly workers: WorkerRepository) {}

  async execute({ workerId, prepared, context }: RecordTerminationPrepared): Promise<void> {
    await this.workers.update(workerId, context, (worker) => worker.terminationPrepared(prepared));
  }
}
