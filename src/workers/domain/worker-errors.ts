import { DomainError } from '../../kernel/domain-error';
import { INSTALLATION_TAG } from './owner-tags';
import { type WorkerState, type WorkerUse } from './worker-state';

export class WorkerNotFound extends DomainError {
  readonly code = 'worker-not-found';
  readonly kind = 'not-found';

  constructor(id: string) {
    super(`There is no worker ${id}. GET /api/v1/workers lists the workers that are managed.`);
  }
}

/** What somebody who is limited to a part of the fleet wants of a worker that would not be in it. */
export class OutOfReach extends DomainError {
  readonly code = 'scope-too-small';
  readonly kind = 'forbidden';

  /** @param members `awsRegion`, `tags`: which of the worker's members are not as his scope has it */
  constructor(what: string, members: readonly string[], missing: string) {
    super(`${what} would be out of your reach: ${missing}. GET /api/v1/me shows what you may touch.`, {
      members,
    });
  }
}

/** A name or an instance that another worker holds. */
export class AlreadyManaged extends DomainError {
  readonly code = 'already-exists';
  readonly kind = 'conflict';

  constructor(
    private readonly what: string,
    readonly workerId: string | null,
    readonly taken: 'name' | 'instance' = 'instance',
  ) {
    super(`${what} belongs to another worker already.`, workerId ? { workerId } : {});
  }

  /** The same, for somebody who must not learn which worker it is. */
  get withoutHolder(): AlreadyManaged {
    return new AlreadyManaged(this.what, null, this.taken);
  }
}

/** The instance is tagged as another installation's, which acts on it: two that do undo each other's work. */
export class ManagedElsewhere extends DomainError {
  readonly code = 'managed-elsewhere';
  readonly kind = 'conflict';

  constructor(
    region: string,
    instanceId: string,
    readonly installationId: string,
  ) {
    const command = `aws ec2 delete-tags --region ${region} --resources ${instanceId} --tags Key=${INSTALLATION_TAG}`;
    super(
      `The instance ${instanceId} is managed by another installation of cml-fleet (${installationId}). ` +
        `Release it there; where it was released, or that installation is no more, remove the tag ` +
        `${INSTALLATION_TAG}: ${command}`,
      { installationId, command },
    );
  }
}

/** The worker's present state does not allow what was asked. */
export class InvalidTransition extends DomainError {
  readonly code = 'invalid-transition';
  readonly kind = 'conflict';

  constructor(state: WorkerState, asked: string, remedy: string) {
    super(
      `${state.name} cannot be ${asked}: it is ${state.status}, wanted ${state.desired.state}. ${remedy}`,
      {
        status: state.status,
        desiredState: state.desired.state,
      },
    );
  }
}

export class LabsRunning extends DomainError {
  readonly code = 'labs-running';
  readonly kind = 'conflict';

  constructor(state: WorkerState, count: number) {
    const labs = count === 1 ? '1 running lab' : `${count} running labs`;
    const seen =
      state.serviceStatus === 'AVAILABLE'
        ? `${state.name} has ${labs}.`
        : `${state.name} had ${labs} when its CML server was last read, which it cannot be now.`;
    super(`${seen} Stop what runs first, or repeat with "force": true.`, { activeLabsCount: count });
  }
}

export class LabsUnknown extends DomainError {
  readonly code = 'labs-unknown';
  readonly kind = 'conflict';

  constructor(state: WorkerState) {
    super(
      `Nobody can tell whether labs run on ${state.name}: they were not read yet, or not lately. ` +
        `Refresh and try again, or repeat with "force": true.`,
    );
  }
}

/** Somebody used the worker since the decision that was to be carried out. */
export class WorkerUsed extends DomainError {
  readonly code = 'worker-used';
  readonly kind = 'conflict';

  constructor(state: WorkerState, { kind, at }: WorkerUse) {
    super(
      `${state.name} was used since this was decided (${kind}, ${at.toISOString()}): it has to be decided anew.`,
      { lastUseAt: at },
    );
  }
}

/** What AWS said to a call of ours, sorted by what it means for us. */
export type ComputeFailure =
  /** nothing happened, and the same request will not succeed: input, configuration, rights */
  | 'rejected'
  /** nothing happened: AWS has no capacity of this type here at the moment */
  | 'capacity'
  /** nothing happened: this type or subnet will not do, another one may */
  | 'placement'
  /** nothing happened: more calls were made than the account may make, or than we allow ourselves */
  | 'throttled'
  /** nothing was sent: the region does not answer */
  | 'unreachable'
  /** nothing happened, and a later try may succeed */
  | 'later'
  /** nothing happened: a quota of the account is used up */
  | 'quota'
  /** nothing happened: our credentials are not accepted */
  | 'credentials'
  /** the instance is not in a state for the call */
  | 'wrong-state'
  /** there is no such instance, or it is not visible yet */
  | 'not-found'
  /** the same token was used for another request, or its instance is gone */
  | 'token-spent'
  /** nobody knows whether the call was carried out */
  | 'unclear';

/** `awsCode` of a stop that was not sent, because what allowed it had become too old. */
/** A call that was not sent, since what it was decided by may no longer be so. It says nothing about AWS. */
export const DECIDED_TOO_LONG_AGO = 'DecidedTooLongAgo';

export const STOP_TOO_LATE = 'SendBeforePassed';

/** `code` of a reason that is about the instance's tags alone. */
export const TAGS_NOT_APPLIED = 'tags-not-applied';

/** AWS, or the way to it, is what failed: the same request may succeed in a moment. */
const DOWN: readonly ComputeFailure[] = ['unclear', 'later', 'capacity', 'throttled', 'unreachable'];

interface ComputeErrorOptions extends ErrorOptions {
  readonly retryAt?: Date | null;
}

/** A call to AWS that did not succeed. `awsCode` is AWS's own code, or ours where AWS was not asked. */
export class ComputeError extends DomainError {
  readonly code: string;
  readonly kind: 'unavailable' | 'refused';
  /** machine time before which no call of this kind gets through; null where nobody knows */
  readonly retryAt: Date | null;

  constructor(
    readonly failure: ComputeFailure,
    readonly awsCode: string,
    message: string,
    { retryAt = null, ...options }: ComputeErrorOptions = {},
  ) {
    super(message, { awsCode }, options);
    this.retryAt = retryAt;
    const down = DOWN.includes(failure);
    this.code = down ? 'aws-unavailable' : 'aws-refused';
    this.kind = down ? 'unavailable' : 'refused';
  }

  override get retryAfterSeconds(): number | null {
    return this.kind === 'unavailable' ? 30 : null;
  }
}

/** The certificate that a person accepts is not the one that the server shows. */
export class CertificateMismatch extends DomainError {
  readonly code = 'certificate-mismatch';
  readonly kind = 'conflict';

  constructor(state: WorkerState, presented: string) {
    super(`${state.name} shows the certificate ${presented}. Check it, and accept that one.`, { presented });
  }
}

/** IAM does not let us tag the instance, and without the tag it lets us do nothing else with it either. */
export class NotTagged extends DomainError {
  readonly code = 'not-tagged';
  readonly kind = 'invalid';

  constructor(region: string, instanceId: string, options?: ErrorOptions) {
    const command = `aws ec2 create-tags --region ${region} --resources ${instanceId} --tags Key=managed-by,Value=cml-fleet`;
    super(
      `AWS does not allow cml-fleet to tag ${instanceId}. Let an AWS admin run: ${command}`,
      { command },
      options,
    );
  }
}
