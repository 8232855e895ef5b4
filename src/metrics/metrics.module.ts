import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { collectDefaultMetrics } from 'prom-client';
import { MetricsController } from './api/metrics.controller';
import { MetricsRegistry } from './metrics-registry';
import { MetricsServer, type MetricsServerOptions } from './metrics-server';

export interface MetricsModuleOptions {
  /** left out: the metrics are told on the API's port only, to those with a key */
  readonly ownPort?: MetricsServerOptions;
}

const OPTIONS = Symbol('MetricsModuleOptions');

/** Numbers of this process for Prometheus; any module adds its own to the MetricsRegistry. */
@Module({})
export class MetricsModule implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private server: MetricsServer | null = null;

  constructor(
    private readonly registry: MetricsRegistry,
    @Inject(OPTIONS) private readonly options: MetricsModuleOptions,
  ) {}

  static forRoot(options: MetricsModuleOptions = {}): DynamicModule {
    return {
      module: MetricsModule,
      global: true,
      controllers: [MetricsController],
      providers: [MetricsRegistry, { provide: OPTIONS, useValue: options }],
      exports: [MetricsRegistry],
    };
  }

  onModuleInit(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.options.ownPort) return;
    this.server = new MetricsServer(this.registry, this.options.ownPort);
    await this.server.listen();
  }

  /** Last: what happens while the process stops is seen, too. */
  async onApplicationShutdown(): Promise<void> {
    await this.server?.close();
  }

  /** The port of its own that the metrics are told on; null: none. */
  get ownPort(): number | null {
    return this.server?.port ?? null;
  }
}
