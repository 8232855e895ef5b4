import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { IdlePolicyNames, IdlePolicyNotFound } from '../domain/idle-policy-names';
import { WorkerRepository } from '../domain/ports';
import { type WorkerState } from '../domain/worker-state';
import { type WorkerDetails } from '../domain/wishes';
import { mustBeAt } from './wish-of';

/**
 * Changes the details that are given. @throws InvalidTransition for another instance type while the worker is not
 * stopped, or another image once it has an instance, AlreadyManaged when the name is taken, IdlePolicyNotFound
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
    private readonly policies: IdlePolicyNames,
    private readonly clock: FleetClock,
  ) {}

  async execute({ workerId, changes, context, expectedRevision }: UpdateWorker): Promise<WorkerState> {
    const { idlePolicyId: named = null } = changes;
    if (named !== null && !(await this.policies.has(named))) throw new IdlePolicyNotFound(named);
    const worker = await this.workers.update(workerId, context, (worker) => {
      mustBeAt(worker, expectedRevision);
      const { name, tags, instanceType, amiId, amiName, idlePolicyId, driftPolicy } = worker.state;
      const details = { name, tags, instanceType, amiId, amiName, idlePolicyId, driftPolicy };
      worker.updateDetails({ ...details, ...withOneImage(changes) }, this.clock.now());
    });
    return worker.state;
  }
}

/** An image is named by its id or by its name: the one that is given takes the place of the other. */
function withOneImage(changes: Partial<WorkerDetails>): Partial<WorkerDetails> {
  if (changes.amiId !== undefined) return { ...changes, amiName: null };
  return changes.amiName === undefined ? changes : { ...changes, amiId: null };
}
