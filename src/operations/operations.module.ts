import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Logger,
  Module,
  type ModuleMetadata,
  type OnApplicationBootstrap,
  type Provider,
} from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import { type Connection } from 'mongoose';
import { checkedProvider, LeaseOwner } from '../event-store';
import { FleetClock, MachineClock } from '../kernel/clocks';
import { StoreUnavailable } from '../kernel/domain-error';
import { SystemTimers } from '../kernel/timers';
import { OperationsController } from './api/operations.controller';
import { CancelOperationHandler } from './application/cancel-operation.command';
import { GetOperationHandler } from './application/get-operation.query';
import { ListOperationsHandler } from './application/list-operations.query';
import { OperationHandlers } from './application/operation-handlers';
import { OperationRunner } from './application/operation-runner';
import { Operations } from './application/operations';
import { OperationsSchedules } from './application/operations.schedules';
import { OperationStore } from './domain/ports';
import { MemoryOperations } from './persistence/memory-operations';
import { MongoOperations } from './persistence/mongo-operations';

export interface OperationsModuleOptions {
  /** `mongo` takes the default connection of MongooseModule */
  readonly persistence: 'memory' | 'mongo';
  /** off in tests that carry operations out by hand */
  readonly autostart: boolean;
  /** what exports WorkerGate; a global module need not be named */
  readonly imports?: ModuleMetadata['imports'];
}

const OPTIONS = Symbol('OperationsModuleOptions');

/**
 * What takes longer than a request: accepted, carried out whatever happens to processes, and looked up. Global, so that
 * modules register their handlers and accept operations. The clocks and the event store are the root's to provide.
 */
@Module({})
export class OperationsModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly schedules: OperationsSchedules,
    @Inject(OPTIONS) private readonly options: OperationsModuleOptions,
  ) {}

  static forRoot({ imports = [], ...options }: OperationsModuleOptions): DynamicModule {
    return {
      module: OperationsModule,
      global: true,
      imports,
      controllers: [OperationsController],
      providers: [
        ...[Operations, OperationHandlers],
        ...[CancelOperationHandler, GetOperationHandler, ListOperationsHandler],
        ...runnerProviders(options.persistence),
        { provide: OPTIONS, useValue: options },
      ],
      exports: [Operations, OperationHandlers, OperationsSchedules],
    };
  }

  onApplicationBootstrap(): void {
    if (this.options.autostart) this.schedules.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.schedules.stop();
  }
}

function runnerProviders(persistence: 'memory' | 'mongo'): Provider[] {
  return [
    storeProvider(persistence),
    checkedProvider(
      OperationRunner,
      [OperationStore, OperationHandlers, FleetClock, LeaseOwner],
      (store, handlers, clock, { name: owner }) =>
        new OperationRunner({ store, handlers, clock, owner, timers: new SystemTimers(), report }),
    ),
    checkedProvider(
      OperationsSchedules,
      [OperationRunner, MachineClock],
      (runner, clock) => new OperationsSchedules(runner, clock, report),
    ),
  ];
}

function storeProvider(persistence: 'memory' | 'mongo'): Provider {
  if (persistence === 'memory') {
    return checkedProvider(OperationStore, [MachineClock], (clock) => new MemoryOperations(clock));
  }
  return {
    provide: OperationStore,
    inject: [getConnectionToken(), MachineClock],
    useFactory: (connection: Connection, clock: MachineClock) => MongoOperations.open(connection, clock),
  };
}

const logger = new Logger('Operations');

/** A database that is away comes back; anything else needs a person. */
function report(error: unknown, during: string): void {
  const level = error instanceof StoreUnavailable ? 'warn' : 'error';
  logger[level]({ err: error }, `failed to ${during}`);
}
