import { type IncomingMessage } from 'node:http';
import { type Reach } from '../kernel/reach';
import { type Principal } from '../kernel/principal';
import { type DomainError } from '../kernel/domain-error';
import { Unauthenticated } from './request-errors';

/** What the middleware finds out about a request, for everything that comes after. */
export interface RequestState {
  readonly correlationId: string;
  /** id of the command that the request gives, should it give one */
  commandId: string;
  /** null until a token was recognised, and for good without one */
  principal: Principal | null;
  /** what the request is answered if its route needs a caller, and counts it; absent: Unauthenticated, uncounted */
  refusal?: () => DomainError;
  /** where the caller may do what the route does; set by AuthGuard, absent on open routes */
  reach?: Reach;
  /** whom the request counts against, where it is not the caller's key or address */
  limitedBy?: string;
  /** the trace that the request is in; absent where nobody traces */
  traceId?: string;
  /** of an answer that streams; read when it ends */
  stream?: () => StreamNote;
}

/** What the request log tells of a stream. */
export interface StreamNote {
  readonly events: number;
  /** who or what ended it */
  readonly endedBy: string;
}

const states = new WeakMap<IncomingMessage, RequestState>();

export function beginRequest(request: IncomingMessage, state: RequestState): void {
  states.set(request, state);
}

/** Has the request counted apart from its caller's others. Before routing: by a middleware. */
export function limitBy(request: IncomingMessage, bucket: string): void {
  stateOf(request).limitedBy = bucket;
}

/**
 * What a request without a caller is answered where one is needed: Unauthenticated, TooManyRequests, or why nobody can
 * tell whether its token is good.
 */
export function refusalOf(request: IncomingMessage): DomainError {
  return stateOf(request).refusal?.() ?? new Unauthenticated();
}

/** @throws Error for a request that did not pass the middleware of `configureHttp` */
export function stateOf(request: IncomingMessage): RequestState {
  const state = states.get(request);
  if (!state) throw new Error('configureHttp was not applied to this application');
  return state;
}
