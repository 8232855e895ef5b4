import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { PolicyNotFound } from '../domain/policy-errors';
import { PolicyRepository, type PolicyVersion } from '../domain/ports';

/** Versions below a number, or from the newest on, newest first; of deleted policies as well. @throws PolicyNotFound */
export class ListPolicyVersions extends Query<PolicyVersion[]> {
  constructor(
    readonly policyId: string,
    readonly limit: number,
    readonly below: number | null,
  ) {
    super();
  }
}

@QueryHandler(ListPolicyVersions)
export class ListPolicyVersionsHandler implements IQueryHandler<ListPolicyVersions> {
  constructor(private readonly policies: PolicyRepository) {}

  async execute({ policyId, limit, below }: ListPolicyVersions): Promise<PolicyVersion[]> {
    const versions = await this.policies.versions(policyId);
    if (versions.length === 0) throw new PolicyNotFound(policyId);
    return versions
      .filter(({ version }) => below === null || version < below)
      .reverse()
      .slice(0, limit);
  }
}
