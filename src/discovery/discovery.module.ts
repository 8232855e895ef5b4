import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { OperationHandlers } from '../operations';
import { DiscoveryController } from './api/discovery.controller';
import { DiscoverInstancesHandler } from './application/discover-instances.command';
import { DiscoveryHandler } from './application/discovery.handler';
import { DISCOVERY_OPTIONS, type DiscoveryOptions } from './application/discovery.options';

/**
 * Finds instances that could be workers, and imports them. InstanceFinder, operations and the buses are the root's to
 * provide; workers and orphans answer over the buses.
 */
@Module({})
export class DiscoveryModule implements OnModuleInit {
  constructor(
    private readonly operations: OperationHandlers,
    private readonly handler: DiscoveryHandler,
  ) {}

  static forRoot(options: DiscoveryOptions): DynamicModule {
    return {
      module: DiscoveryModule,
      controllers: [DiscoveryController],
      providers: [
        ...[DiscoverInstancesHandler, DiscoveryHandler],
        { provide: DISCOVERY_OPTIONS, useValue: options },
      ],
    };
  }

  onModuleInit(): void {
    this.operations.register(this.handler);
  }
}
