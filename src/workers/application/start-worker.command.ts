import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';
import { type WorkerState } from '../domain/worker-state';
import { mustBeAt, wishOf } from './wish-of';

/** The worker is wanted RUNNING; the reconciler starts or launches it. Nothing changes where it is so already. */
export class StartWorker extends Command<WorkerState> {
  constructor(
    readonly workerId: string,
    readonly context: CommandContext,
    readonly expectedRevision: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(StartWorker)
export class StartWorkerHandler implements ICommandHandler<StartWorker> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute({ workerId, context, expectedRevision }: StartWorker): Promise<WorkerState> {
    const worker = await this.workers.update(workerId, context, (worker) => {
      mustBeAt(worker, expectedRevision);
      worker.requestStart(wishOf(context, this.clock.now()));
    });
    return worker.state;
  }
}
