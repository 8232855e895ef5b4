import { IdlePolicyNames } from '../../workers';
import { type PolicyRepository } from '../domain/ports';

/** The named policies of this installation, for workers that name one; read from their streams, so never out of date. */
export class StoredPolicyNames extends IdlePolicyNames {
  constructor(private readonly policies: PolicyRepository) {
    super();
  }

  async has(policyId: string): Promise<boolean> {
    const policy = await this.policies.find(policyId);
    return policy !== null && policy.state.scope === 'named' && !policy.isDeleted;
  }
}
