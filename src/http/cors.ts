import { type NestExpressApplication } from '@nestjs/platform-express';
import { MINUTE, SECOND } from '../kernel/clocks';

/** Headers by which a page tells and learns what it must; browsers hide all others from it. */
const SENT = [
  ...['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'Last-Event-ID', 'X-Correlation-Id'],
];
const SHOWN = [
  ...['ETag', 'Location', 'Retry-After', 'Idempotency-Replayed', 'X-Correlation-Id', 'WWW-Authenticate'],
  ...['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'],
];

/**
 * Lets pages of these origins use the API by keys and tokens that they have themselves. Without origins no page of
 * another one can: answers carry no header that would let a browser show them. Credentials that a browser adds by
 * itself (cookies) are allowed to nobody.
 */
export function openToOrigins(app: NestExpressApplication, origins: readonly string[]): void {
  if (origins.length === 0) return;
  app.enableCors({
    origin: [...origins],
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: SENT,
    exposedHeaders: SHOWN,
    credentials: false,
    maxAge: (10 * MINUTE) / SECOND,
  });
}
