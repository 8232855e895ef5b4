import { type Principal } from '../kernel/principal';

/** Tells who a bearer token belongs to. Bound by whoever issues the tokens. */
export abstract class Authenticator {
  /**
   * Null for a token that is unknown, expired or revoked: callers do not learn which.
   * @throws DomainError of kind `unavailable` where that cannot be told now
   */
  abstract authenticate(bearer: string): Promise<Principal | null>;

  /** Whether a caller who was recognised would be so now: for answers that go on for long. */
  abstract isStillValid(principal: Principal): boolean;

  /**
   * Calls the listener when keys have changed, in this process or in another; answers the function that ends it. Keys
   * that expire are not told of. The listener must not throw.
   */
  abstract onChange(listener: () => void): () => void;
}
