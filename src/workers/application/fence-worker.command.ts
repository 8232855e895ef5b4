import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock, MachineClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';
import { type WorkerState } from '../domain/worker-state';
import { mustBeAt } from './wish-of';

export interface FenceTerms {
  readonly decisionId: string;
  /** machine time from which the fence counts no more; two minutes from now at most */
  readonly until: Date;
  /** time of the latest use that the decision knew of, null for none; left out it does not matter */
  readonly expectedUse?: Date | null;
}

/**
 * No new session is offered on the worker until the fence is lifted, is over, or the worker stopped.
 * @throws WorkerUsed, PreconditionFailed if somebody was faster; InvalidTransition where it may not be stopped by itself
 */
export class FenceWorker extends Command<WorkerState> {
  constructor(
    readonly workerId: string,
    readonly terms: FenceTerms,
    readonly context: CommandContext,
    readonly expectedRevision: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(FenceWorker)
export class FenceWorkerHandler implements ICommandHandler<FenceWorker> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
    private readonly machine: MachineClock,
  ) {}

  async execute({ workerId, terms, context, expectedRevision }: FenceWorker): Promise<WorkerState> {
    const { expectedUse, ...fence } = terms;
    const worker = await this.workers.update(workerId, context, (worker) => {
      mustBeAt(worker, expectedRevision);
      const at = this.clock.now();
      worker.fence({ ...fence, by: context.actor, at }, { machineNow: this.machine.now(), expectedUse });
    });
    return worker.state;
  }
}
