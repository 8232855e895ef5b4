import { type Request, type RequestHandler } from 'express';
import { DomainError } from '../kernel/domain-error';
import { type AddressLimit } from './address-limit';
import { isOfApi } from './api-path';
import { type Authenticator } from './authenticator';
import { Unauthenticated } from './request-errors';
import { type RequestState, stateOf } from './request-state';

/**
 * Finds out who makes the request, before its body is read and for every path. Valid credentials pass from every address.
 * Bad ones from an address that is shut out are refused here, and whoever is nobody with a body for the API: a body costs
 * more than its sender pays. All else AuthGuard refuses, and the problem filter for paths that do not exist.
 */
export function authentication(authenticator: Authenticator, addresses: AddressLimit): RequestHandler {
  return async (request, _response, next) => {
    const state = stateOf(request);
    const address = request.ip ?? '';
    const token = bearerOf(request.headers.authorization);
    if (token === null) {
      state.refusal = () => {
        const refusal = addresses.refusal(address);
        if (!refusal) addresses.count(address);
        return refusal ?? new Unauthenticated();
      };
      return next(hasBodyForApi(request) ? state.refusal() : undefined);
    }
    await identify(state, authenticator, token);
    if (state.principal) return next();
    if (state.refusal) return next(hasBodyForApi(request) ? state.refusal() : undefined);
    const refusal = addresses.refusal(address);
    if (refusal) return next(refusal);
    addresses.count(address);
    next(hasBodyForApi(request) ? new Unauthenticated() : undefined);
  };
}

async function identify(state: RequestState, authenticator: Authenticator, token: string): Promise<void> {
  try {
    state.principal = await authenticator.authenticate(token);
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind !== 'unavailable') throw error;
    // nobody knows whether it is good: that counts against nobody, and routes that need no caller are served
    state.refusal = () => error;
  }
}

/** No open route of the API takes one. */
function hasBodyForApi({ path, headers }: Request): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = headers;
  return isOfApi(path) && (encoding !== undefined || Number(length ?? 0) > 0);
}

/** The token of `Authorization: Bearer <token>` (RFC 6750); the scheme's case does not matter. */
function bearerOf(header: string | undefined): string | null {
  return /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? null;
}
