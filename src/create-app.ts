import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { type Logger } from 'pino';
import { AppModule, type AppParts } from './app.module';
import { signInOf } from './config/oidc-settings';
import { type Settings } from './config/settings';
import { configureHttp, nestLogger, SignIn } from './http';
import { NoTracer } from './kernel/tracing';
import { RequestMetrics } from './monitoring';
import { version } from './version';

/** The application as all roots and the tests run it, not listening yet. */
export async function createApp(
  settings: Settings,
  logger: Logger,
  parts: Omit<AppParts, 'logger'> = {},
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.forRoot(settings, { ...parts, logger }),
    { bodyParser: false, logger: nestLogger(logger), abortOnError: false },
  );
  const requests = app.get(RequestMetrics, { strict: false });
  configureHttp(app, {
    ...{ logger, version, trustedProxies: settings.FLEET_TRUSTED_PROXIES },
    signIn: signInOf(settings) && app.get(SignIn, { strict: false }),
    addressRateLimitPerMinute: settings.FLEET_ADDRESS_RATE_LIMIT_PER_MINUTE,
    corsOrigins: settings.FLEET_CORS_ORIGINS,
    onAnswered: (request) => requests.count(request),
    ...(parts.tracer && !(parts.tracer instanceof NoTracer) && { tracer: parts.tracer }),
  });
  return app;
}
