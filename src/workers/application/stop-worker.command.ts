import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { LabCensus } from '../domain/lab-census';
import { WorkerRepository } from '../domain/ports';
import { type WorkerState } from '../domain/worker-state';
import { mustBeAt, wishOf } from './wish-of';

export interface StopOptions {
  /** stop although labs run, or although nobody can tell */
  readonly force?: boolean;
  readonly expectedRevision?: number | null;
  /** of an automatic stop: the decision behind it, and the machine time after which it must not be sent */
  readonly decisionId?: string | null;
  readonly sendBefore?: Date | null;
  /** time of the latest use that the decision knew of, null for none; left out it does not matter */
  readonly expectedUse?: Date | null;
  /** of an automatic stop, of the maximum uptime: also where nobody can tell whether labs run; never where they did */
  readonly despiteUnknownLabs?: boolean;
  /** of a forced one: at once, without stopping its labs in order first */
  readonly cutLabs?: boolean;
}

/**
 * The worker is wanted STOPPED.
 * @throws LabsRunning, LabsUnknown unless forced; WorkerUsed, PreconditionFailed where somebody was faster
 */
export class StopWorker extends Command<WorkerState> {
  constructor(
    readonly workerId: string,
    readonly context: CommandContext,
    readonly options: StopOptions = {},
  ) {
    super();
  }
}

@CommandHandler(StopWorker)
export class StopWorkerHandler implements ICommandHandler<StopWorker> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
    private readonly census: LabCensus,
  ) {}

  async execute({ workerId, context, options }: StopWorker): Promise<WorkerState> {
    const { force, sendBefore, expectedRevision = null, ...rest } = options;
    const needsNone = force === true || Boolean(sendBefore);
    const labs = needsNone ? undefined : await this.census.runningLabs(workerId);
    const worker = await this.workers.update(workerId, context, (worker) => {
      mustBeAt(worker, expectedRevision);
      worker.requestStop({ ...rest, ...wishOf(context, this.clock.now()), force, sendBefore, labs });
    });
    return worker.state;
  }
}
