import { type RequestHandler } from 'express';
import { type IdSource } from '../kernel/ids';
import { beginRequest } from './request-state';

const CORRELATION_HEADER = 'X-Correlation-Id';

const ACCEPTABLE = /^[A-Za-z0-9._-]{1,128}$/;

/**
 * Takes the caller's correlation id, or makes one where there is none that may stand in a log line, and answers with
 * it. The request's state begins here.
 */
export function correlationId(ids: IdSource): RequestHandler {
  return (request, response, next) => {
    const given = request.get(CORRELATION_HEADER);
    const id = given && ACCEPTABLE.test(given) ? given : ids.next();
    beginRequest(request, { correlationId: id, commandId: ids.next(), principal: null });
    response.set(CORRELATION_HEADER, id);
    next();
  };
}
