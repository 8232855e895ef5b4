import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';
import { type WorkerState } from '../domain/worker-state';
import { mustBeAt, wishOf } from './wish-of';

export interface TerminateOptions {
  /** at once: no topology is kept, and its licence is left over */
  readonly force?: boolean;
  readonly expectedRevision?: number | null;
}

/**
 * The worker is wanted TERMINATED; one that was never launched ends at once, one that runs is prepared for it first,
 * unless forced.
 */
export class TerminateWorker extends Command<WorkerState> {
  constructor(
    readonly workerId: string,
    readonly context: CommandContext,
    readonly options: TerminateOptions = {},
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

  async execute({ workerId, context, options }: TerminateWorker): Promise<WorkerState> {
    const { force = false, expectedRevision = null } = options;
    const worker = await this.workers.update(workerId, context, (worker) => {
      mustBeAt(worker, expectedRevision);
      worker.requestTerminate({ ...wishOf(context, this.clock.now()), force });
    });
    return worker.state;
  }
}
