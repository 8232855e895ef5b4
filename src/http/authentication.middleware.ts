import { type RequestHandler } from 'express';
import { type Authenticator } from './authenticator';
import { stateOf } from './request-state';

/**
 * Finds out who makes the request, before its body is read and for every path. It refuses nobody: AuthGuard does, and
 * the problem filter for paths that do not exist.
 */
export function authentication(authenticator: Authenticator): RequestHandler {
  return async (request, _response, next) => {
    const token = bearerOf(request.headers.authorization);
    if (token !== null) stateOf(request).principal = await authenticator.authenticate(token);
    next();
  };
}

/** The token of `Authorization: Bearer <token>` (RFC 6750); the scheme's case does not matter. */
function bearerOf(header: string | undefined): string | null {
  return /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? null;
}
