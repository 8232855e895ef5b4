import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Request, type RequestHandler } from 'express';
import { type Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { stateOf } from './request-state';
import { shownPath } from './shown-path';

/**
 * One line per request when it is answered: method, route, status, durationMs, correlationId, actor; no headers and no
 * query; of a stream, how many events it sent and who ended it. It stays at info for 5xx: the error has its own line (ProblemDetailsFilter). Health checks are at debug.
 */
export function requestLog(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    genReqId: (request) => stateOf(request).correlationId,
    // a line carries the request's id instead of all of the request
    quietReqLogger: true,
    wrapSerializers: false,
    serializers: { req: () => undefined },
    customAttributeKeys: { reqId: 'correlationId', responseTime: 'durationMs' },
    customLogLevel: (request) => (shownPath(request).startsWith('/health/') ? 'debug' : 'info'),
    customSuccessObject: (request, response, line: Timed) => outcome(request, response, line),
    customErrorObject: (request, response, _error, line: Timed) => outcome(request, response, line),
    customSuccessMessage: message,
    customErrorMessage: message,
  });
}

interface Timed {
  readonly durationMs: number;
}

function outcome(request: IncomingMessage, response: ServerResponse, { durationMs }: Timed) {
  return {
    method: request.method,
    route: routeOf(request) ?? shownPath(request),
    status: response.statusCode,
    durationMs,
    actor: stateOf(request).principal?.actor ?? null,
    ...traceOf(request),
    ...stateOf(request).stream?.(),
  };
}

function traceOf(request: IncomingMessage) {
  const { traceId } = stateOf(request);
  return traceId === undefined ? {} : { traceId };
}

function message(request: IncomingMessage, response: ServerResponse): string {
  if (stateOf(request).stream) return 'stream ended';
  return response.writableEnded ? 'request answered' : 'request aborted';
}

/** The pattern of the route that took the request: `/api/v1/workers/:id`. */
export function routeOf(request: IncomingMessage): string | null {
  const route = (request as Request).route as { path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : null;
}
