import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { PolicyRepository } from '../domain/ports';
import { WrittenPolicy } from '../domain/written-policy';
import { type NamedPolicy, writtenPolicy } from './named-policy';
import { POLICY_BASIS, type PolicyBasis } from './policy-basis';
import { PolicyCheck } from './policy-check';

/** @throws InvalidInput, PolicyNameTaken */
export class CreatePolicy extends Command<WrittenPolicy> {
  constructor(
    readonly policy: NamedPolicy,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(CreatePolicy)
export class CreatePolicyHandler implements ICommandHandler<CreatePolicy> {
  constructor(
    private readonly policies: PolicyRepository,
    private readonly check: PolicyCheck,
    private readonly clock: FleetClock,
    @Inject(POLICY_BASIS) private readonly basis: PolicyBasis,
  ) {}

  async execute({ policy, context }: CreatePolicy): Promise<WrittenPolicy> {
    const given = writtenPolicy(policy, { basis: this.basis, now: this.clock.now(), by: context.actor });
    this.check.named(given.values);
    // derived, so that a repeated command finds the policy that its first try made
    const id = derivedId('idle-policy', context.commandId);
    return this.policies.add(WrittenPolicy.create(id, given), context);
  }
}
