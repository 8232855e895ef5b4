import { type CommandContext } from '../../../kernel/command-context';
import { type Person } from './person';
import { type RoleBinding } from './role-binding';

/** Reads access tokens of the one issuer that is trusted. */
export abstract class AccessTokens {
  /**
   * Whom a token speaks for at a time (machine time); null for one that is not valid, for whatever reason.
   * @throws IdentityUnavailable when it is signed by a key that is not known, and the issuer cannot be asked for it
   */
  abstract personOf(token: string, now: Date): Promise<Person | null>;
}

/** Bindings by their streams. All methods throw StoreUnavailable. */
export abstract class RoleBindingRepository {
  /**
   * Stores a new binding, or one that was deleted before. A repetition of the command answers the one that its first try
   * stored. @throws RoleBindingExists, VersionConflict
   */
  abstract add(binding: RoleBinding, context: CommandContext): Promise<RoleBinding>;

  /** Lets `decide` act on the binding and stores what it recorded. @throws RoleBindingNotFound, VersionConflict */
  abstract update(
    id: string,
    context: CommandContext,
    decide: (binding: RoleBinding) => void,
  ): Promise<RoleBinding>;
}
