import { type Claims } from './person';

/** The type of a JWT access token (RFC 9068, 2.1); `application/` may stand before it. */
const ACCESS_TOKEN = /^(application\/)?at\+jwt$/i;
/** What issuers write that do not follow RFC 9068: the type of any JWT. */
const ANY_JWT = /^(application\/)?jwt$/i;

/** Claims of ID tokens (OpenID Connect Core, 2 and 3.3.2.11) and of logout tokens (Back-Channel Logout, 2.4). */
const OF_OTHERS = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events'];

/**
 * Claims that access tokens have and ID tokens have not: what the token was asked for (RFC 9068, Keycloak, Auth0; Entra
 * and Okta: scp), and which client got it (RFC 9068, Cognito; Okta: cid; Entra: azpacr, and appid in those of version 1).
 */
const OF_ACCESS_TOKENS = ['scope', 'scp', 'client_id', 'cid', 'azpacr', 'appid'];

/**
 * Whether a token of the issuer is one to call an API with, and not one that tells a client who has signed in. One whose
 * header says so is. One that says nothing must look like one in every way that issuers have of telling them apart.
 */
export function isAccessToken(type: string | undefined, claims: Claims): boolean {
  if (type !== undefined && ACCESS_TOKEN.test(type)) return true;
  if (type !== undefined && !ANY_JWT.test(type)) return false;
  if (OF_OTHERS.some((name) => claims[name] !== undefined)) return false;
  // Keycloak says it in a claim: Bearer, ID, Refresh, Logout; Cognito in another: access, id
  const { typ, token_use: use } = claims;
  if (typ !== undefined && typ !== 'Bearer') return false;
  if (use !== undefined && use !== 'access') return false;
  return typ === 'Bearer' || use === 'access' || OF_ACCESS_TOKENS.some((name) => claims[name] !== undefined);
}
