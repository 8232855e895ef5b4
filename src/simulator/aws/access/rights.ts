import { type FaultTarget } from '../../faults/fault-target';
import { matchesWildcard } from '../../wildcard';
import { AwsError } from '../aws-error';
import { type Caller } from './identities';

/** Where a right is taken away all the same. */
export interface Exception {
  /** of CreateTags: tags may be given where something is launched (`ec2:CreateAction`) */
  readonly unlessCreating?: boolean;
  /** the instance, or the launch, bears this tag (`aws:ResourceTag`, `aws:RequestTag`) */
  readonly unlessTagged?: { readonly key: string; readonly value: string };
}

interface Denial extends Exception {
  readonly action: string;
}

/** A call, as its caller's rights depend on it. */
export interface ClaimedCall {
  readonly service: string;
  readonly action: string;
  readonly caller: Caller;
  /** a launch that names tags needs the right to give them */
  readonly givesTags: boolean;
  targets(): readonly FaultTarget[];
}

/** What the callers of the world may not do; everything else they may. */
export class Rights {
  private denials: Denial[];

  constructor(actions: readonly string[]) {
    this.denials = actions.map((action) => ({ action }));
  }

  /** @param action `RunInstances`, `Describe*` */
  deny(action: string, exception: Exception = {}): void {
    this.denials.push({ action, ...exception });
  }

  /** Gives back what was taken by the same name; `*`: all. */
  permit(action: string): void {
    this.denials = this.denials.filter((denial) => !matchesWildcard(action, denial.action));
  }

  /** Whether EC2 looks at the instances of a call before it knows whether the caller may make it. */
  dependOnTargets(action: string): boolean {
    return this.on(action).some(({ unlessTagged }) => unlessTagged !== undefined);
  }

  /** @throws AwsError UnauthorizedOperation of EC2, AccessDenied of other services */
  check(call: ClaimedCall): void {
    const { service, action, caller } = call;
    const denied =
      this.on(action).some((denial) => isDenied(denial, call)) ||
      (call.givesTags &&
        this.on('CreateTags').some(({ unlessCreating, unlessTagged }) => !unlessCreating && !unlessTagged));
    if (!denied) return;
    if (service !== 'ec2') {
      const namespace = service === 'monitoring' ? 'cloudwatch' : service;
      throw new AwsError(
        'AccessDenied',
        `User: ${caller.arn} is not authorized to perform: ${namespace}:${action}`,
        403,
      );
    }
    const encoded = Buffer.from(JSON.stringify({ allowed: false, action: `ec2:${action}` })).toString(
      'base64url',
    );
    throw new AwsError(
      'UnauthorizedOperation',
      `You are not authorized to perform this operation. User: ${caller.arn} is not authorized to perform: ec2:${action} because no identity-based policy allows the ec2:${action} action. Encoded authorization failure message: ${encoded}`,
      403,
    );
  }

  private on(action: string): Denial[] {
    return this.denials.filter((denial) => matchesWildcard(denial.action, action));
  }
}

function isDenied({ unlessTagged }: Denial, call: ClaimedCall): boolean {
  if (!unlessTagged) return true;
  const { key, value } = unlessTagged;
  return !call.targets().every(({ tags }) => tags.get(key) === value);
}
