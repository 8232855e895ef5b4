import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { collectDefaultMetrics } from 'prom-client';
import { MetricsController } from './api/metrics.controller';
import { MetricsRegistry } from './metrics-registry';

/** Numbers of this process for Prometheus; any module adds its own to the MetricsRegistry. */
@Module({})
export class MetricsModule implements OnModuleInit {
  constructor(private readonly registry: MetricsRegistry) {}

  static forRoot(): DynamicModule {
    return {
      module: MetricsModule,
      global: true,
      controllers: [MetricsController],
      providers: [MetricsRegistry],
      exports: [MetricsRegistry],
    };
  }

  onModuleInit(): void {
    collectDefaultMetrics({ register: this.registry });
  }
}
