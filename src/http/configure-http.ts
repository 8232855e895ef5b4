import { type NestExpressApplication } from '@nestjs/platform-express';
import { type RequestHandler } from 'express';
import { type Logger } from 'pino';
import { MachineClock } from '../kernel/clocks';
import { IdSource } from '../kernel/ids';
import { type Tracer } from '../kernel/tracing';
import { AddressLimit } from './address-limit';
import { type OnAnswered, tellAnswered } from './answered';
import { authentication } from './authentication.middleware';
import { Authenticator } from './authenticator';
import { boundedJson } from './bounded-json.middleware';
import { correlationId } from './correlation-id.middleware';
import { openToOrigins } from './cors';
import { onlyJsonBodies } from './media-type.middleware';
import { Draining } from './draining';
import { openApiDocument, serveDocs } from './openapi';
import { requestLog } from './request-log.middleware';
import { securityHeaders } from './security-headers';
import { limitServer } from './server-limits';
import { type SignIn } from './sign-in';
import { traceRequests } from './tracing.middleware';

export interface ConfigureHttpOptions {
  readonly logger: Logger;
  /** of this program, for the OpenAPI document */
  readonly version: string;
  /** networks of proxies, in CIDR notation, that are believed what they say of a caller's address */
  readonly trustedProxies: readonly string[];
  /** how many requests without valid credentials an address may make */
  readonly addressRateLimitPerMinute: number;
  /** whose pages may use the API in a browser */
  readonly corsOrigins: readonly string[];
  /** null: Swagger UI takes API keys only */
  readonly signIn?: SignIn | null;
  /** hears of each request when it is over */
  readonly onAnswered?: OnAnswered;
  /** left out: nothing is traced */
  readonly tracer?: Tracer;
}

/**
 * Everything that comes before routing. Call it right after `NestFactory.create(…, { bodyParser: false })` and before
 * `listen`; the roots and the tests use the same. The order matters: each step may rely on those before it.
 */
export function configureHttp(
  app: NestExpressApplication,
  {
    logger,
    version,
    trustedProxies,
    addressRateLimitPerMinute,
    corsOrigins,
    signIn = null,
    onAnswered,
    tracer,
  }: ConfigureHttpOptions,
): void {
  app.set('trust proxy', [...trustedProxies]);
  app.set('etag', false);
  app.use(app.get(Draining).middleware);
  app.use(correlationId(app.get(IdSource, { strict: false })));
  if (tracer) app.use(traceRequests(tracer));
  if (onAnswered) app.use(tellAnswered(app.get(MachineClock, { strict: false }), onAnswered));
  app.use(requestLog(logger));
  app.use(securityHeaders(signIn));
  app.use('/api', neverCached);
  // before callers are told who they are: a browser asks without credentials what it may send
  openToOrigins(app, corsOrigins);
  const addresses = new AddressLimit(app.get(MachineClock, { strict: false }), addressRateLimitPerMinute);
  app.use(authentication(app.get(Authenticator, { strict: false }), addresses));
  app.use(onlyJsonBodies);
  app.useBodyParser('json', { limit: '256kb' });
  app.use(boundedJson);
  app.useBodyParser('urlencoded', { limit: '4kb', extended: false });
  serveDocs(app, openApiDocument(app, version), signIn);
  limitServer(app.getHttpServer());
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
