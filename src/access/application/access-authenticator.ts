import { type Principal } from '../../kernel/principal';
import { type AssignedGrants, type TokenAuthenticator } from '../domain/rights-ports';
import { type ApiKeyAuthenticator } from './api-key-authenticator';
import { isMarkedKey } from './key-text';

/** Three parts of base64url: what access tokens look like (RFC 7519), as signed ones. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export interface WhoRecognises {
  readonly keys: ApiKeyAuthenticator;
  /** null: callers have API keys only */
  readonly tokens: TokenAuthenticator | null;
  /** null: nothing is assigned to anybody */
  readonly assigned: AssignedGrants | null;
}

/**
 * Recognises callers by an API key or by an access token, and adds what is assigned to them at this moment. The
 * bootstrap key may be any text, so a text that looks like a token is held against the keys first.
 */
export class AccessAuthenticator {
  constructor(private readonly by: WhoRecognises) {}

  async authenticate(bearer: string): Promise<Principal | null> {
    const { keys, tokens, assigned } = this.by;
    let principal = await keys.authenticate(bearer);
    if (!principal && tokens && JWT.test(bearer) && !isMarkedKey(bearer)) {
      principal = await tokens.authenticate(bearer);
    }
    const more = principal && assigned?.grantsOf(principal.actor);
    return principal && more?.length ? { ...principal, grants: [...principal.grants, ...more] } : principal;
  }

  isStillValid(principal: Principal): boolean {
    const { keys, tokens } = this.by;
    return keys.isOfKey(principal)
      ? keys.isStillValid(principal)
      : (tokens?.isStillValid(principal) ?? false);
  }

  onChange(listener: () => void): () => void {
    const ends = [this.by.keys.onChange(listener), this.by.tokens?.onChange(listener)];
    return () => ends.forEach((end) => end?.());
  }
}
