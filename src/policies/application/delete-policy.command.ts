import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { GetActiveWorkers } from '../../workers';
import { PolicyInUse } from '../domain/policy-errors';
import { PolicyRepository } from '../domain/ports';
import { mustBeAt } from './expected-version';

/** It holds for no worker any more, and its name is free; a no-op on a deleted policy. */
export class DeletePolicy extends Command<void> {
  constructor(
    readonly policyId: string,
    readonly context: CommandContext,
    readonly expectedVersion: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(DeletePolicy)
export class DeletePolicyHandler implements ICommandHandler<DeletePolicy> {
  constructor(
    private readonly policies: PolicyRepository,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
  ) {}

  /**
   * A worker that comes to name it at this very moment is shown as having a problem, and is not stopped.
   * @throws PolicyNotFound, PolicyInUse, PreconditionFailed
   */
  async execute({ policyId, context, expectedVersion }: DeletePolicy): Promise<void> {
    const workers = await this.queries.execute(new GetActiveWorkers());
    const naming = workers.filter((worker) => worker.idlePolicyId === policyId).map(({ id }) => id);
    await this.policies.update(policyId, context, (policy) => {
      mustBeAt(policy, expectedVersion);
      if (naming.length > 0) throw new PolicyInUse(policy.state.name, naming);
      policy.delete(this.clock.now());
    });
  }
}
