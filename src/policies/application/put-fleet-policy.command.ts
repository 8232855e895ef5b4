import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { type FleetRules } from '../../reaper';
import { FLEET_POLICY_ID, UNNAMED } from '../domain/policy-details';
import { PolicyRepository } from '../domain/ports';
import { WrittenPolicy } from '../domain/written-policy';
import { mustBeAt } from './expected-version';
import { type ClientsValues, writtenFleetRules, writtenValues } from './given-values';
import { POLICY_BASIS, type PolicyBasis } from './policy-basis';
import { PolicyCheck } from './policy-check';

/** Replaces what is written into the policy of all workers. What is left out comes from the settings. */
export class PutFleetPolicy extends Command<WrittenPolicy> {
  constructor(
    readonly values: ClientsValues,
    readonly fleetRules: Partial<FleetRules>,
    readonly context: CommandContext,
    readonly expectedVersion: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(PutFleetPolicy)
export class PutFleetPolicyHandler implements ICommandHandler<PutFleetPolicy> {
  constructor(
    private readonly policies: PolicyRepository,
    private readonly check: PolicyCheck,
    private readonly clock: FleetClock,
    @Inject(POLICY_BASIS) private readonly basis: PolicyBasis,
  ) {}

  /** @throws InvalidInput, PreconditionFailed, VersionConflict */
  async execute({ values, fleetRules, context, expectedVersion }: PutFleetPolicy): Promise<WrittenPolicy> {
    const given = {
      ...({ ...UNNAMED, name: FLEET_POLICY_ID, scope: 'fleet', workerId: null } as const),
      values: writtenValues(values, this.basis.timeZone),
      fleetRules: writtenFleetRules(fleetRules),
      createdAt: this.clock.now(),
      createdBy: context.actor,
    };
    this.check.fleet(given.values);
    if (!(await this.policies.find(FLEET_POLICY_ID))) {
      mustBeAt({ id: FLEET_POLICY_ID, version: 0 }, expectedVersion);
    }
    return this.policies.put(WrittenPolicy.create(FLEET_POLICY_ID, given), context, (policy) => {
      mustBeAt(policy, expectedVersion);
      policy.replace(given);
    });
  }
}
