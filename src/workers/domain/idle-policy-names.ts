import { InvalidInput } from '../../kernel/domain-error';

/** Which idle policies workers may name. */
export abstract class IdlePolicyNames {
  /** @throws StoreUnavailable */
  abstract has(policyId: string): Promise<boolean>;
}

/** A worker was to be given an idle policy that is not there. */
export class IdlePolicyNotFound extends InvalidInput {
  constructor(policyId: string) {
    const message = `There is no idle policy ${policyId}. GET /api/v1/reaper/policies lists them.`;
    super([{ pointer: '/idlePolicyId', message }]);
  }
}
