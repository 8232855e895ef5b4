import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';
import { type PlannedStop } from '../domain/worker-state';
import { mustBeAt } from './wish-of';

/**
 * Announces an automatic stop, moves it, or calls it off (null).
 * @throws PreconditionFailed if the worker is not at the expected revision any more
 */
export class PlanStop extends Command<void> {
  constructor(
    readonly workerId: string,
    readonly plannedStop: PlannedStop | null,
    readonly context: CommandContext,
    readonly expectedRevision: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(PlanStop)
export class PlanStopHandler implements ICommandHandler<PlanStop> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute({ workerId, plannedStop, context, expectedRevision }: PlanStop): Promise<void> {
    const now = this.clock.now();
    await this.workers.update(workerId, context, (worker) => {
      mustBeAt(worker, expectedRevision);
      worker.planStop(plannedStop, now);
    });
  }
}
