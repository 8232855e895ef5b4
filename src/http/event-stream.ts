import { type Request, type Response } from 'express';
import { SECOND } from '../kernel/clocks';
import { stateOf, type StreamNote } from './request-state';

/**
 * Begins an answer of server-sent events (WHATWG HTML, 9.2): the headers leave at once, so that the client knows that
 * it is connected. A proxy is told not to collect the answer, and the socket to notice a client that is gone.
 */
export function beginEventStream(request: Request, response: Response, note: () => StreamNote): Response {
  stateOf(request).stream = note;
  request.socket.setNoDelay(true).setKeepAlive(true, 30 * SECOND);
  response
    .writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    })
    .flushHeaders();
  return response;
}
