import { DomainError } from '../../kernel/domain-error';

/** Of two operations on one licence the first goes on, and the second is not begun. */
export class LicenseBusy extends DomainError {
  readonly code = 'license-busy';
  readonly kind = 'conflict';

  constructor(operationId: string) {
    super(
      `The operation ${operationId} is at work on this licence. Wait for its end, or cancel it: ` +
        `POST /api/v1/operations/${operationId}/cancel.`,
      { operationId },
    );
  }
}

/** A seat is free again only when its licence was given back. */
export class LicenseHeld extends DomainError {
  readonly code = 'license-held';
  readonly kind = 'conflict';

  constructor(poolId: string) {
    super(`The worker has a licence of the pool ${poolId}. Give it back first: DELETE its licence.`, {
      poolId,
    });
  }
}

/** The worker is not one whose server can be licensed now. */
export class LicenseNotPossible extends DomainError {
  readonly code = 'invalid-transition';
  readonly kind = 'conflict';

  constructor(name: string, status: string, remedy: string) {
    super(`The licence of ${name} cannot be changed: it is ${status}. ${remedy}`, { status });
  }
}

/** What was asked for did not come true; `code` says why, for good. */
export class LicenseFailed extends DomainError {
  readonly kind = 'refused';

  /** @param unused certainly no licence is in use for what was sent */
  constructor(
    readonly code: LicenseFailureCode,
    message: string,
    readonly unused = false,
  ) {
    super(message);
  }
}

export type LicenseFailureCode =
  /** Smart Licensing said no */
  | 'license-refused'
  /** it takes longer than it should */
  | 'license-timed-out'
  /** registered, but what runs is not covered */
  | 'license-not-compliant'
  /** the server is registered with another token, or past cml-fleet */
  | 'license-registered-otherwise'
  | 'license-not-registered'
  | 'license-nodes-running'
  /** the vault does not hold the token any more */
  | 'license-token-gone'
  /** another request took the place of this one */
  | 'license-superseded'
  /** the worker is gone, or is not running */
  | 'license-worker-gone'
  | 'termination-not-prepared';
