import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { PolicyNotFound, PolicyVersionNotFound } from '../domain/policy-errors';
import { PolicyRepository } from '../domain/ports';
import { changesBetween, type ValueChange } from '../domain/value-changes';
import { asPlain } from '../domain/written-policy';

/** What one version says otherwise than another; 0 is before the first. @throws PolicyNotFound */
export class ComparePolicyVersions extends Query<ValueChange[]> {
  constructor(
    readonly policyId: string,
    readonly version: number,
    readonly against: number,
  ) {
    super();
  }
}

@QueryHandler(ComparePolicyVersions)
export class ComparePolicyVersionsHandler implements IQueryHandler<ComparePolicyVersions> {
  constructor(private readonly policies: PolicyRepository) {}

  async execute({ policyId, version, against }: ComparePolicyVersions): Promise<ValueChange[]> {
    const versions = await this.policies.versions(policyId);
    if (versions.length === 0) throw new PolicyNotFound(policyId);
    const detailsAt = (wanted: number) => {
      if (wanted === 0) return {};
      const found = versions[wanted - 1];
      if (!found) throw new PolicyVersionNotFound(policyId, wanted);
      return found.details ? asPlain(found.details) : {};
    };
    return changesBetween(detailsAt(against), detailsAt(version));
  }
}
