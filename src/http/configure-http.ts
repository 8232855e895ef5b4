import { type NestExpressApplication } from '@nestjs/platform-express';
import { type RequestHandler } from 'express';
import helmet from 'helmet';
import { type Logger } from 'pino';
import { SECOND } from '../kernel/clocks';
import { IdSource } from '../kernel/ids';
import { authentication } from './authentication.middleware';
import { Authenticator } from './authenticator';
import { correlationId } from './correlation-id.middleware';
import { onlyJsonBodies } from './media-type.middleware';
import { openApiDocument, serveDocs } from './openapi';
import { requestLog } from './request-log.middleware';

export interface ConfigureHttpOptions {
  readonly logger: Logger;
  /** of this program, for the OpenAPI document */
  readonly version: string;
  /** networks of proxies, in CIDR notation, that are believed what they say of a caller's address */
  readonly trustedProxies: readonly string[];
}

/**
 * Everything that comes before routing. Call it right after `NestFactory.create(…, { bodyParser: false })` and before
 * `listen`; the roots and the tests use the same. The order matters: each step may rely on those before it.
 */
export function configureHttp(
  app: NestExpressApplication,
  { logger, version, trustedProxies }: ConfigureHttpOptions,
): void {
  app.set('trust proxy', [...trustedProxies]);
  app.set('etag', false);
  app.use(correlationId(app.get(IdSource, { strict: false })));
  app.use(requestLog(logger));
  app.use(securityHeaders());
  app.use('/api', neverCached);
  app.use(authentication(app.get(Authenticator, { strict: false })));
  app.use(onlyJsonBodies);
  app.useBodyParser('json', { limit: '256kb' });
  app.useBodyParser('urlencoded', { limit: '4kb', extended: false });
  serveDocs(app, openApiDocument(app, version));
  boundConnections(app);
}

/** On a plain http address of a LAN, browsers must not be told to fetch Swagger UI's scripts by https. */
function securityHeaders(): RequestHandler {
  return helmet({ contentSecurityPolicy: { directives: { 'upgrade-insecure-requests': null } } });
}

/**
 * ETags are versions, for If-Match. Observed values change without them, so a 304 would keep old ones alive: nothing
 * of the API is cached, and a conditional GET is answered in full.
 */
const neverCached: RequestHandler = (request, response, next) => {
  delete request.headers['if-none-match'];
  response.set('Cache-Control', 'no-store');
  next();
};

/** Slow or silent clients do not hold connections for ever; answers that stream are not bounded by these. */
function boundConnections(app: NestExpressApplication): void {
  const server = app.getHttpServer();
  server.keepAliveTimeout = 65 * SECOND;
  server.headersTimeout = 20 * SECOND;
  server.requestTimeout = 60 * SECOND;
}
