import {
  type DynamicModule,
  type FactoryProvider,
  Module,
  type ModuleMetadata,
  StandardSchemaSerializerInterceptor,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { ThrottlerModule } from '@nestjs/throttler';
import { LoggerModule } from 'nestjs-pino';
import { type Logger } from 'pino';
import { type SealKey } from '../event-store';
import { MachineClock, MINUTE } from '../kernel/clocks';
import { BodyHashes } from './body-hashes';
import { AuthGuard } from './auth.guard';
import { Draining } from './draining';
import { EtagInterceptor } from './etag';
import { HEALTH_PROBES, type HealthProbe } from './health-probe';
import { HealthController } from './health.controller';
import { IdempotencyInterceptor } from './idempotency.interceptor';
import { ProblemDetailsFilter } from './problem-details.filter';
import { ProblemPagesController } from './problem-pages.controller';
import { RateLimitGuard } from './rate-limit.guard';
import { RateLimitStorage } from './rate-limit.storage';
import { ValidationPipe } from './validation.pipe';

export interface HttpModuleOptions {
  readonly logger: Logger;
  readonly rateLimitPerMinute: number;
  /** from whose keys those for hashes of bodies are derived */
  readonly keyRing: readonly SealKey[];
  /** modules that export IdempotencyStore and what the probes are made of; global ones need not be named */
  readonly imports?: ModuleMetadata['imports'];
  /** what /health/ready asks */
  readonly probes: Pick<FactoryProvider<readonly HealthProbe[]>, 'inject' | 'useFactory'>;
}

/**
 * What every API of the process shares, bound globally: who may call, how often, what a request must look like, and
 * how answers and errors leave. The application needs `configureHttp` as well, for what comes before routing.
 */
@Module({})
export class HttpModule {
  static forRoot({
    logger,
    rateLimitPerMinute,
    keyRing,
    imports = [],
    probes,
  }: HttpModuleOptions): DynamicModule {
    return {
      module: HttpModule,
      imports: [
        ...imports,
        TerminusModule.forRoot({ logger: false }),
        LoggerModule.forRoot({
          pinoHttp: { logger },
          useExisting: true,
          forRoutes: ['{*path}'],
        }),
        ThrottlerModule.forRootAsync({
          inject: [MachineClock],
          useFactory: (clock: MachineClock) => ({
            throttlers: [{ ttl: MINUTE, limit: rateLimitPerMinute }],
            storage: new RateLimitStorage(clock),
          }),
        }),
      ],
      controllers: [HealthController, ProblemPagesController],
      // guards run in this order; interceptors so that the first one sees an answer last
      providers: [
        Draining,
        { provide: HEALTH_PROBES, ...probes },
        { provide: BodyHashes, useFactory: () => new BodyHashes(keyRing) },
        { provide: APP_FILTER, useClass: ProblemDetailsFilter },
        { provide: APP_GUARD, useClass: RateLimitGuard },
        { provide: APP_GUARD, useClass: AuthGuard },
        { provide: APP_PIPE, useClass: ValidationPipe },
        { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
        { provide: APP_INTERCEPTOR, useClass: EtagInterceptor },
        { provide: APP_INTERCEPTOR, useClass: StandardSchemaSerializerInterceptor },
      ],
    };
  }
}
