import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';
import { type StopPrepared } from '../domain/worker-state';

/**
 * What comes before a forced stop was done, or tried: the reconciler need not wait for it any more. No effect for another
 * intent than the present one. @throws WorkerNotFound
 */
export class RecordStopPrepared extends Command<void> {
  constructor(
    readonly workerId: string,
    readonly prepared: StopPrepared,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RecordStopPrepared)
export class RecordStopPreparedHandler implements ICommandHandler<RecordStopPrepared> {
  constructor(private readonly workers: WorkerRepository) {}

  async execute({ workerId, prepared, context }: RecordStopPrepared): Promise<void> {
    await this.workers.update(workerId, context, (worker) => worker.stopPrepared(prepared));
  }
}
