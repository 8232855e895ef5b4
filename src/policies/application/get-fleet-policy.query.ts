import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type FleetRules } from '../../reaper';
import { FLEET_POLICY_ID } from '../domain/policy-details';
import { PolicyRepository } from '../domain/ports';
import { type WrittenPolicy } from '../domain/written-policy';
import { PolicyMerger } from './policy-merger';
import { type ExplainedPolicy, layerOf, WrittenPolicies } from './written-policies';

/** What is written for all workers, and what it comes to with the settings beneath it. */
export interface FleetPolicy {
  /** null: nothing was ever written */
  readonly written: WrittenPolicy | null;
  readonly effective: Pick<ExplainedPolicy, 'policy' | 'origins'>;
  readonly rules: FleetRules;
}

export class GetFleetPolicy extends Query<FleetPolicy> {}

@QueryHandler(GetFleetPolicy)
export class GetFleetPolicyHandler implements IQueryHandler<GetFleetPolicy> {
  constructor(
    private readonly policies: PolicyRepository,
    private readonly merger: PolicyMerger,
    private readonly effective: WrittenPolicies,
  ) {}

  async execute(): Promise<FleetPolicy> {
    const written = await this.policies.find(FLEET_POLICY_ID);
    const effective = this.merger.merge(written ? [layerOf(written)] : []);
    return { written, effective, rules: this.effective.fleet() };
  }
}
