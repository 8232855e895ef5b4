import { type Server } from 'node:http';
import { SECOND } from '../kernel/clocks';

/**
 * Machine milliseconds. The size of headers is Node's own limit: above 16 KiB it answers 431 by itself. Node looks every
 * 30 s for connections that are over time, so that one may last so much longer.
 */
export const SERVER_LIMITS = {
  /** for all headers of a request; 408 after it */
  headers: 20 * SECOND,
  /** for a request with its body; 408 after it */
  request: 60 * SECOND,
  /** between two requests of a connection: longer than the minute after which usual proxies let go of one */
  keepAlive: 65 * SECOND,
};

/** Slow or silent clients do not hold connections for ever; answers that stream are not bounded by these. */
export function limitServer(server: Server, { headers, request, keepAlive } = SERVER_LIMITS): void {
  server.headersTimeout = headers;
  server.requestTimeout = request;
  server.keepAliveTimeout = keepAlive;
}
