import { type CommandContext } from '../../kernel/command-context';
import { type PolicyDetails } from './policy-details';
import { type WrittenPolicy } from './written-policy';

/** A policy as it was after one of its changes. */
export interface PolicyVersion {
  readonly version: number;
  /** null: it was deleted */
  readonly details: PolicyDetails | null;
  /** JSON pointers of what the change made another */
  readonly changed: readonly string[];
  readonly at: Date;
  readonly by: string;
  readonly reason: string | null;
}

/** Policies by their streams. All methods throw StoreUnavailable. */
export abstract class PolicyRepository {
  /**
   * Stores a new policy. A repetition of the command answers the one that its first try stored.
   * @throws PolicyNameTaken, VersionConflict
   */
  abstract add(policy: WrittenPolicy, context: CommandContext): Promise<WrittenPolicy>;

  /** Deleted ones as well; null for one that was never there. */
  abstract find(id: string): Promise<WrittenPolicy | null>;

  /** @throws PolicyNotFound, also for one that is deleted */
  abstract get(id: string): Promise<WrittenPolicy>;

  /**
   * Stores a new policy whose id is known beforehand, or lets `decide` act on the one that is there, deleted or not.
   * @throws VersionConflict
   */
  abstract put(
    policy: WrittenPolicy,
    context: CommandContext,
    decide: (present: WrittenPolicy) => void,
  ): Promise<WrittenPolicy>;

  /**
   * Lets `decide` act on the policy and stores what it recorded.
   * @throws PolicyNotFound for one that was never there, PolicyNameTaken, VersionConflict
   */
  abstract update(
    id: string,
    context: CommandContext,
    decide: (policy: WrittenPolicy) => void,
  ): Promise<WrittenPolicy>;

  /** Oldest first; empty for a policy that was never there. */
  abstract versions(id: string): Promise<PolicyVersion[]>;

  /**
   * Takes the names of the policies that nobody has taken, as after a restore without reservations. Answers the names
   * that another policy has taken.
   */
  abstract keepNames(ids: readonly string[]): Promise<string[]>;

  /** Frees names that were taken before a time (machine time) and that no policy has. Answers how many. */
  abstract sweepNames(takenBefore: Date): Promise<number>;
}
