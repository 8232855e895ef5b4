import { eventOf } from '../../kernel/domain-event';
import { type PolicyDetails, type PolicyScope } from './policy-details';

/** Everything that can happen to an idle policy. Each event holds all that is given, so that each is a version. */

export class IdlePolicyCreated extends eventOf('idle-policy.created')<
  PolicyDetails & {
    readonly scope: PolicyScope;
    /** of the policy of one worker */
    readonly workerId: string | null;
    readonly createdAt: Date;
    readonly createdBy: string;
  }
> {}

export class IdlePolicyUpdated extends eventOf('idle-policy.updated')<
  PolicyDetails & {
    /** JSON pointers of what is another than before, `/values/maxUptimeMinutes` */
    readonly changed: readonly string[];
    readonly updatedAt: Date;
  }
> {}

export class IdlePolicyDeleted extends eventOf('idle-policy.deleted')<{ readonly at: Date }> {}

export type PolicyEvent = IdlePolicyCreated | IdlePolicyUpdated | IdlePolicyDeleted;

export const POLICY_EVENTS = [IdlePolicyCreated, IdlePolicyUpdated, IdlePolicyDeleted] as const;
