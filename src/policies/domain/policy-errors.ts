import { DomainError } from '../../kernel/domain-error';

export class PolicyNotFound extends DomainError {
  readonly code = 'policy-not-found';
  readonly kind = 'not-found';

  constructor(id: string) {
    super(`There is no idle policy ${id}. GET /api/v1/reaper/policies lists them.`);
  }
}

export class PolicyVersionNotFound extends DomainError {
  readonly code = 'policy-not-found';
  readonly kind = 'not-found';

  constructor(id: string, version: number) {
    super(
      `The idle policy ${id} has no version ${version}. GET /api/v1/reaper/policies/${id}/versions lists them.`,
    );
  }
}

export class PolicyNameTaken extends DomainError {
  readonly code = 'already-exists';
  readonly kind = 'conflict';

  constructor(name: string, policyId: string | null) {
    super(`The name "${name}" belongs to another idle policy already.`, policyId ? { policyId } : {});
  }
}

/** Workers name the policy: they would silently get another one. */
export class PolicyInUse extends DomainError {
  readonly code = 'policy-in-use';
  readonly kind = 'conflict';

  constructor(name: string, workerIds: readonly string[]) {
    const some = workerIds.slice(0, 20);
    super(
      `${workerIds.length} workers name the idle policy "${name}": give them another one first, with ` +
        'PATCH /api/v1/workers/{id} {"idlePolicyId": null}.',
      { workerIds: some },
    );
  }
}
