import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { PolicyRepository } from '../domain/ports';
import { type WrittenPolicy } from '../domain/written-policy';
import { mustBeAt } from './expected-version';
import { type NamedPolicy, writtenPolicy } from './named-policy';
import { POLICY_BASIS, type PolicyBasis } from './policy-basis';
import { PolicyCheck } from './policy-check';

/** Replaces all that is written into a named policy. */
export class ReplacePolicy extends Command<WrittenPolicy> {
  constructor(
    readonly policyId: string,
    readonly policy: NamedPolicy,
    readonly context: CommandContext,
    readonly expectedVersion: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(ReplacePolicy)
export class ReplacePolicyHandler implements ICommandHandler<ReplacePolicy> {
  constructor(
    private readonly policies: PolicyRepository,
    private readonly check: PolicyCheck,
    private readonly clock: FleetClock,
    @Inject(POLICY_BASIS) private readonly basis: PolicyBasis,
  ) {}

  /** @throws PolicyNotFound, PolicyNameTaken, PreconditionFailed, InvalidInput */
  async execute({ policyId, policy, context, expectedVersion }: ReplacePolicy): Promise<WrittenPolicy> {
    await this.policies.get(policyId);
    const given = writtenPolicy(policy, { basis: this.basis, now: this.clock.now(), by: context.actor });
    this.check.named(given.values);
    return this.policies.update(policyId, context, (present) => {
      mustBeAt(present, expectedVersion);
      present.replace(given);
    });
  }
}
