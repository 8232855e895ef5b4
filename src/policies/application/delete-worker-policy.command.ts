import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { GetWorker } from '../../workers';
import { workerPolicyId } from '../domain/policy-details';
import { PolicyRepository } from '../domain/ports';
import { mustBeAt } from './expected-version';

/** The worker has no policy of its own any more; a no-op where it has none. */
export class DeleteWorkerPolicy extends Command<void> {
  constructor(
    readonly workerId: string,
    readonly context: CommandContext,
    readonly expectedVersion: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(DeleteWorkerPolicy)
export class DeleteWorkerPolicyHandler implements ICommandHandler<DeleteWorkerPolicy> {
  constructor(
    private readonly policies: PolicyRepository,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
  ) {}

  /** @throws WorkerNotFound, PreconditionFailed */
  async execute({ workerId, context, expectedVersion }: DeleteWorkerPolicy): Promise<void> {
    await this.queries.execute(new GetWorker(workerId, null, context.reach));
    const id = workerPolicyId(workerId);
    if (!(await this.policies.find(id))) {
      mustBeAt({ id, version: 0 }, expectedVersion);
      return;
    }
    await this.policies.update(id, context, (policy) => {
      mustBeAt(policy, expectedVersion);
      policy.delete(this.clock.now());
    });
  }
}
