import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';
import { type WorkerState } from '../domain/worker-state';
import { type WorkerDetails } from '../domain/wishes';
import { mustBeAt } from './wish-of';

/**
 * Changes the details that are given. @throws InvalidTransition for another instance type while the worker is not
 * stopped, AlreadyManaged when the name is taken
 */
export class UpdateWorker extends Command<WorkerState> {
  constructor(
    readonly workerId: string,
    readonly changes: Partial<WorkerDetails>,
    readonly context: CommandContext,
    readonly expectedRevision: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(UpdateWorker)
export class UpdateWorkerHandler implements ICommandHandler<UpdateWorker> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute({ workerId, changes, context, expectedRevision }: UpdateWorker): Promise<WorkerState> {
    const worker = await this.workers.update(workerId, context, (worker) => {
      mustBeAt(worker, expectedRevision);
      const { name, tags, instanceType, idlePolicyId } = worker.state;
      worker.updateDetails({ name, tags, instanceType, idlePolicyId, ...changes }, this.clock.now());
    });
    return worker.state;
  }
}
