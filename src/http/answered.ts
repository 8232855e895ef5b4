import { type RequestHandler } from 'express';
import { type MachineClock } from '../kernel/clocks';
import { routeOf } from './request-log.middleware';
import { stateOf } from './request-state';

/** A request that was answered, or whose connection was closed before. */
export interface AnsweredRequest {
  readonly method: string;
  /** the pattern of the route: `/api/v1/workers/:id`; null: no route took it */
  readonly route: string | null;
  /** null: it was not answered to its end */
  readonly status: number | null;
  /** machine milliseconds */
  readonly durationMs: number;
  /** an answer that goes on until somebody ends it */
  readonly isStream: boolean;
}

/** Must not throw. */
export type OnAnswered = (request: AnsweredRequest) => void;

/** Tells of each request when it is over. */
export function tellAnswered(clock: MachineClock, onAnswered: OnAnswered): RequestHandler {
  return (request, response, next) => {
    const begunAt = clock.now().getTime();
    response.once('close', () => {
      onAnswered({
        method: request.method,
        route: routeOf(request),
        status: response.writableFinished ? response.statusCode : null,
        durationMs: clock.now().getTime() - begunAt,
        isStream: stateOf(request).stream !== undefined,
      });
    });
    next();
  };
}
