import { type DynamicModule, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { NoTracer, Tracer } from '../kernel/tracing';
import { traceBuses } from './trace-buses';

/** Binds the Tracer for the whole application. With one that does nothing, nothing is touched. */
@Module({})
export class TracingModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly tracer: Tracer,
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  static forRoot(tracer: Tracer): DynamicModule {
    return {
      module: TracingModule,
      global: true,
      providers: [{ provide: Tracer, useValue: tracer }],
      exports: [Tracer],
    };
  }

  onModuleInit(): void {
    if (!(this.tracer instanceof NoTracer)) traceBuses(this.tracer, this.commands, this.queries);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.tracer.close();
  }
}
