import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { GetWorker } from '../../workers';
import { UNNAMED, workerPolicyId } from '../domain/policy-details';
import { PolicyRepository } from '../domain/ports';
import { WrittenPolicy } from '../domain/written-policy';
import { mustBeAt } from './expected-version';
import { type ClientsValues, writtenValues } from './given-values';
import { POLICY_BASIS, type PolicyBasis } from './policy-basis';
import { PolicyCheck } from './policy-check';

/** Replaces what is written into the policy of one worker, which is stronger than all others. */
export class PutWorkerPolicy extends Command<WrittenPolicy> {
  constructor(
    readonly workerId: string,
    readonly values: ClientsValues,
    readonly context: CommandContext,
    readonly expectedVersion: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(PutWorkerPolicy)
export class PutWorkerPolicyHandler implements ICommandHandler<PutWorkerPolicy> {
  constructor(
    private readonly policies: PolicyRepository,
    private readonly check: PolicyCheck,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
    @Inject(POLICY_BASIS) private readonly basis: PolicyBasis,
  ) {}

  /** @throws WorkerNotFound, InvalidInput, PreconditionFailed, VersionConflict */
  async execute({ workerId, values, context, expectedVersion }: PutWorkerPolicy): Promise<WrittenPolicy> {
    const worker = await this.queries.execute(new GetWorker(workerId, null, context.reach));
    const id = workerPolicyId(workerId);
    const given = {
      ...({ ...UNNAMED, name: 'worker', scope: 'worker', workerId } as const),
      values: writtenValues(values, this.basis.timeZone),
      createdAt: this.clock.now(),
      createdBy: context.actor,
    };
    this.check.ofWorker(worker, given.values);
    if (!(await this.policies.find(id))) mustBeAt({ id, version: 0 }, expectedVersion);
    return this.policies.put(WrittenPolicy.create(id, given), context, (policy) => {
      mustBeAt(policy, expectedVersion);
      policy.replace(given);
    });
  }
}
