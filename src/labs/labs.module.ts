import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { getConnectionToken } from '@nestjs/mongoose';
import { type Connection } from 'mongoose';
import {
  AggregateStores,
  checkedProvider,
  EventDecoder,
  EventRegistry,
  processStep,
  type SubscriptionDefinition,
  SubscriptionHost,
} from '../event-store';
import { FleetClock, MachineClock } from '../kernel/clocks';
import { SystemTimers } from '../kernel/timers';
import { OperationHandlers, Operations } from '../operations';
import { CmlListeners } from '../telemetry';
import { LabActionsController } from './api/lab-actions.controller';
import { LabsController } from './api/labs.controller';
import { TopologiesController } from './api/topologies.controller';
import { CmlTopologyKeeper } from './application/cml-topology-keeper';
import { ControlLabHandler } from './application/control-lab.command';
import { GetKeptTopologyHandler } from './application/get-kept-topology.query';
import { GetLabHistoryHandler } from './application/get-lab-history.query';
import { GetLabHandler } from './application/get-lab.query';
import { GetLabsHandler } from './application/get-labs.query';
import { GetTopologyHandler } from './application/get-topology.query';
import { KeepTopologiesCommandHandler } from './application/keep-topologies.command';
import { KeepTopologiesHandler } from './application/keep-topologies.handler';
import { LabClient } from './application/lab-client';
import { LabHistoryRecorder } from './application/lab-history-recorder';
import { LabServers } from './application/lab-servers';
import { LabShutdown } from './application/lab-shutdown';
import { ListTopologiesHandler } from './application/list-topologies.query';
import { PacedLabShutdown } from './application/paced-lab-shutdown';
import { PrepareStopHandler } from './application/prepare-stop.handler';
import { prepareStops } from './application/prepare-stops.step';
import { StopAllLabsHandler } from './application/stop-all-labs.command';
import { StopLabsHandler } from './application/stop-labs.handler';
import { TopologyKeeper } from './application/topology-keeper';
import { LAB_EVENTS } from './domain/lab-events';
import { LabActsRepository, LabHistory, TopologyStore } from './domain/ports';
import { EventSourcedLabActs } from './persistence/event-sourced.lab-acts';
import { LAB_ACTS_DEFINITION } from './persistence/lab-acts-definition';
import { MemoryLabHistory } from './persistence/memory-lab-history';
import { MemoryTopologies } from './persistence/memory-topologies';
import { MongoLabHistory } from './persistence/mongo-lab-history';
import { MongoTopologies } from './persistence/mongo-topologies';

export interface LabsModuleOptions {
  /** `mongo` takes the default connection of MongooseModule */
  readonly persistence: 'memory' | 'mongo';
}

const HANDLERS = [
  ...[ControlLabHandler, StopAllLabsHandler, KeepTopologiesCommandHandler],
  ...[GetLabsHandler, GetLabHandler, GetLabHistoryHandler],
  ...[GetTopologyHandler, GetKeptTopologyHandler, ListTopologiesHandler],
];

/** What is done about workers' events, durably. */
const STEP = Symbol('step of labs');

/**
 * The labs on the CML servers of workers: seen, started and stopped, with a history and their topologies. Global, so that
 * what ends a worker has its labs stopped and kept before. LabClient, the clocks, the event store, telemetry, operations
 * and the buses are the root's to provide; workers answers over the buses.
 */
@Module({})
export class LabsModule implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly events: EventRegistry,
    private readonly listeners: CmlListeners,
    private readonly recorder: LabHistoryRecorder,
    private readonly operations: OperationHandlers,
    private readonly stopLabs: StopLabsHandler,
    private readonly keepTopologies: KeepTopologiesHandler,
    private readonly prepareStop: PrepareStopHandler,
    private readonly subscriptions: SubscriptionHost,
    @Inject(STEP) private readonly step: SubscriptionDefinition,
  ) {}

  static forRoot({ persistence }: LabsModuleOptions): DynamicModule {
    return {
      module: LabsModule,
      global: true,
      controllers: [LabsController, LabActionsController, TopologiesController],
      providers: [
        ...HANDLERS,
        ...[LabServers, LabHistoryRecorder, StopLabsHandler, KeepTopologiesHandler],
        ...stores(persistence),
        checkedProvider(
          LabActsRepository,
          [AggregateStores],
          (aggregates) => new EventSourcedLabActs(aggregates.open(LAB_ACTS_DEFINITION)),
        ),
        checkedProvider(
          LabShutdown,
          [LabServers, LabHistory, LabClient, MachineClock],
          (servers, history, client, clock) =>
            new PacedLabShutdown(servers, history, { client, clock, timers: new SystemTimers() }),
        ),
        { provide: TopologyKeeper, useClass: CmlTopologyKeeper },
        checkedProvider(
          PrepareStopHandler,
          [CommandBus, QueryBus, FleetClock, LabShutdown, TopologyKeeper],
          (commands, queries, clock, shutdown, topologies) =>
            new PrepareStopHandler(
              { commands, queries, clock, timers: new SystemTimers() },
              shutdown,
              topologies,
            ),
        ),
        {
          ...{ provide: STEP, inject: [Operations, QueryBus, EventDecoder] },
          useFactory: (operations: Operations, queries: QueryBus, decoder: EventDecoder) =>
            processStep(prepareStops({ operations, queries }), decoder),
        },
      ],
      exports: [LabShutdown, TopologyKeeper],
    };
  }

  onModuleInit(): void {
    this.events.register(LAB_EVENTS);
    this.operations.register(this.stopLabs);
    this.operations.register(this.keepTopologies);
    this.operations.register(this.prepareStop);
    this.listeners.onLabs((read) => this.recorder.record(read));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.subscriptions.add(this.step);
  }
}

function stores(persistence: 'memory' | 'mongo'): Provider[] {
  if (persistence === 'memory')
    return [
      { provide: LabHistory, useClass: MemoryLabHistory },
      { provide: TopologyStore, useClass: MemoryTopologies },
    ];
  const inject = [getConnectionToken(), MachineClock];
  return [
    {
      ...{ provide: LabHistory, inject },
      useFactory: (connection: Connection, clock: MachineClock) => MongoLabHistory.open(connection, clock),
    },
    {
      ...{ provide: TopologyStore, inject },
      useFactory: (connection: Connection, clock: MachineClock) => MongoTopologies.open(connection, clock),
    },
  ];
}
