import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';
import { type AssignedInstance } from '../domain/launching';

/** The EC2 instance that a launch made, or that was found to carry the worker's tag. */
export class AssignInstance extends Command<void> {
  constructor(
    readonly workerId: string,
    readonly instance: AssignedInstance,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(AssignInstance)
export class AssignInstanceHandler implements ICommandHandler<AssignInstance> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute({ workerId, instance, context }: AssignInstance): Promise<void> {
    const now = this.clock.now();
    await this.workers.update(workerId, context, (worker) => worker.assignInstance(instance, now));
  }
}
