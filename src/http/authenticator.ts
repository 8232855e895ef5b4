import { type Principal } from './principal';

/** Tells who a bearer token belongs to. Bound by whoever issues the tokens. */
export abstract class Authenticator {
  /** Null for a token that is unknown, expired or revoked: callers do not learn which. */
  abstract authenticate(bearer: string): Promise<Principal | null>;
}
