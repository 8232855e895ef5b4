import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';
import { type WorkerState } from '../domain/worker-state';
import { mustBeAt, wishOf } from './wish-of';

/** The worker is wanted TERMINATED; one that was never launched ends at once. */
export class TerminateWorker extends Command<WorkerState> {
  constructor(
    readonly workerId: string,
    readonly context: CommandContext,
    readonly expectedRevision: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(TerminateWorker)
export class TerminateWorkerHandler implements ICommandHandler<TerminateWorker> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute({ workerId, context, expectedRevision }: TerminateWorker): Promise<WorkerState> {
    const worker = await this.workers.update(workerId, context, (worker) => {
      mustBeAt(worker, expectedRevision);
      worker.requestTerminate(wishOf(context, this.clock.now()));
    });
    return worker.state;
  }
}
