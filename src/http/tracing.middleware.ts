import { type RequestHandler } from 'express';
import { type Tracer } from '../kernel/tracing';
import { routeOf } from './request-log.middleware';
import { stateOf } from './request-state';

const SERVER_ERROR = 500;
/** What machines ask again and again. */
const WATCHED = /^\/(health\/|metrics$)/;

/**
 * Each request as a span, of the caller's trace where it names one (`traceparent`). It tells method, pattern of the
 * route, and status: no path, no query, no header, no body, since any of them may hold a secret.
 */
export function traceRequests(tracer: Tracer): RequestHandler {
  return (request, response, next) => {
    if (WATCHED.test(request.path)) {
      next();
      return;
    }
    const span = tracer.begin({
      name: request.method,
      kind: 'server',
      attributes: { 'http.request.method': request.method },
      traceparent: request.get('traceparent'),
    });
    const state = stateOf(request);
    if (span.traceId) {
      state.traceId = span.traceId;
      span.set({ 'cml_fleet.correlation_id': state.correlationId });
    }
    response.once('close', () => {
      const route = routeOf(request);
      if (route !== null) {
        span.rename(`${request.method} ${route}`);
        span.set({ 'http.route': route });
      }
      const { statusCode: status, writableFinished } = response;
      if (writableFinished) span.set({ 'http.response.status_code': status });
      if (!writableFinished) span.end('aborted');
      else if (status >= SERVER_ERROR) span.end(String(status));
      else span.end();
    });
    span.within(next);
  };
}
