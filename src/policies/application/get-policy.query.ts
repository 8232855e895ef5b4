import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { PolicyRepository } from '../domain/ports';
import { type WrittenPolicy } from '../domain/written-policy';

/** One named policy from its stream. @throws PolicyNotFound */
export class GetPolicy extends Query<WrittenPolicy> {
  constructor(readonly policyId: string) {
    super();
  }
}

@QueryHandler(GetPolicy)
export class GetPolicyHandler implements IQueryHandler<GetPolicy> {
  constructor(private readonly policies: PolicyRepository) {}

  execute({ policyId }: GetPolicy): Promise<WrittenPolicy> {
    return this.policies.get(policyId);
  }
}
