import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { EventBus } from '@nestjs/cqrs';
import { MongooseModule } from '@nestjs/mongoose';
import {
  AggregateStores,
  checkedProvider,
  EventDecoder,
  EventRegistry,
  EventStore,
  ParkedStreams,
  processStep,
  Reservations,
  type SubscriptionDefinition,
  SubscriptionHost,
  Subscriptions,
} from '../event-store';
import { WorkerGate } from '../http';
import { MachineClock } from '../kernel/clocks';
import { SecretHolders } from '../secrets';
import { AcceptCertificateHandler } from './application/accept-certificate.command';
import { AskForConnectionHandler } from './application/ask-for-connection.command';
import { AssignInstanceHandler } from './application/assign-instance.command';
import { ConnectionCallers } from './application/connection-callers';
import { CountWorkersHandler } from './application/count-workers.query';
import { CreateWorkerHandler } from './application/create-worker.command';
import { FenceWorkerHandler } from './application/fence-worker.command';
import { GetActiveWorkersHandler } from './application/get-active-workers.query';
import { GetWorkerHandler } from './application/get-worker.query';
import { ImportWorkerHandler } from './application/import-worker.command';
import { LiftFenceHandler } from './application/lift-fence.command';
import { ListIdleWorkersHandler } from './application/list-idle-workers.query';
import { ListWorkerEventsHandler } from './application/list-worker-events.query';
import { ListWorkersHandler } from './application/list-workers.query';
import { NoteUseHandler } from './application/note-use.command';
import { PlanStopHandler } from './application/plan-stop.command';
import { ProtectWorkerHandler } from './application/protect-worker.command';
import { ReconcileFleetHandler } from './application/reconcile-fleet.command';
import { ReconcileWorkerHandler } from './application/reconcile-worker.command';
import { RecordCertificateHandler } from './application/record-certificate.command';
import { RecordInstancesHandler } from './application/record-instances.command';
import { RecordStopPreparedHandler } from './application/record-stop-prepared.command';
import { RecordTerminationPreparedHandler } from './application/record-termination-prepared.command';
import { ReleaseWorkerHandler } from './application/release-worker.command';
import { SendAutomaticStopHandler } from './application/send-automatic-stop.command';
import { SetCmlCredentialsHandler } from './application/set-cml-credentials.command';
import { SnoozeWorkerHandler } from './application/snooze-worker.command';
import { StartWorkerHandler } from './application/start-worker.command';
import { StopWorkerHandler } from './application/stop-worker.command';
import { TerminateWorkerHandler } from './application/terminate-worker.command';
import { UpdateEndpointHandler } from './application/update-endpoint.command';
import { UpdateLicenseHandler } from './application/update-license.command';
import { UpdateServiceStatusHandler } from './application/update-service-status.command';
import { UpdateTelemetryHandler } from './application/update-telemetry.command';
import { UpdateWorkerStatusHandler } from './application/update-worker-status.command';
import { UpdateWorkerHandler } from './application/update-worker.command';
import { WorkerReconciler } from './application/worker-reconciler';
import { WORKERS_OPTIONS, type WorkersOptions } from './application/workers.options';
import { WorkersSagas } from './application/workers.sagas';
import { WorkersSchedules } from './application/workers.schedules';
import { RepositoryWorkerGate } from './api/repository-worker-gate';
import { WorkerActionsController } from './api/worker-actions.controller';
import { WorkerCredentialsController } from './api/worker-credentials.controller';
import { WorkerReadsController } from './api/worker-reads.controller';
import { WorkersController } from './api/workers.controller';
import { ComputeProvider, WorkerReadModel, WorkerRepository } from './domain/ports';
import { WORKER_EVENTS } from './domain/worker-events';
import { cancelSpotRequests } from './persistence/cancel-spot-requests.step';
import { EventSourcedWorkerRepository } from './persistence/event-sourced.worker-repository';
import { freeWorkerKeys } from './persistence/free-worker-keys.step';
import { WORKER_DEFINITION } from './persistence/worker-definition';
import { WORKER_UPCASTERS } from './persistence/worker-upcasters';
import { WorkerSecretHolder } from './persistence/worker-secret-holder';
import { WorkerProjection } from './persistence/worker-projection';
import { MemoryWorkerReadModel } from './persistence/worker.memory-read-model';
import { MongoWorkerReadModel } from './persistence/worker.mongo-read-model';
import { WORKER_MODEL, workerSchema } from './persistence/worker.schema';

const HANDLERS = [
  AcceptCertificateHandler,
  AskForConnectionHandler,
  AssignInstanceHandler,
  CountWorkersHandler,
  CreateWorkerHandler,
  FenceWorkerHandler,
  GetActiveWorkersHandler,
  GetWorkerHandler,
  ImportWorkerHandler,
  LiftFenceHandler,
  ListIdleWorkersHandler,
  ListWorkerEventsHandler,
  ListWorkersHandler,
  NoteUseHandler,
  PlanStopHandler,
  ProtectWorkerHandler,
  ReconcileFleetHandler,
  ReconcileWorkerHandler,
  RecordCertificateHandler,
  RecordInstancesHandler,
  RecordStopPreparedHandler,
  RecordTerminationPreparedHandler,
  ReleaseWorkerHandler,
  SendAutomaticStopHandler,
  SetCmlCredentialsHandler,
  SnoozeWorkerHandler,
  StartWorkerHandler,
  StopWorkerHandler,
  TerminateWorkerHandler,
  UpdateEndpointHandler,
  UpdateLicenseHandler,
  UpdateServiceStatusHandler,
  UpdateTelemetryHandler,
  UpdateWorkerStatusHandler,
  UpdateWorkerHandler,
];

/** What is done about workers' events, durably. */
const STEPS = Symbol('steps of workers');

export interface WorkersModuleOptions extends WorkersOptions {
  readonly persistence: 'memory' | 'mongo';
}

/**
 * Workers and their life cycle on EC2. ComputeProvider, TemplateSource, IdlePolicyNames, SnoozeCap, LabCensus, the
 * clocks and the event store are the root's to provide.
 */
@Module({})
export class WorkersModule implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly registry: EventRegistry,
    private readonly store: EventStore,
    private readonly projection: WorkerProjection,
    private readonly subscriptions: SubscriptionHost,
    private readonly holders: SecretHolders,
    private readonly holder: WorkerSecretHolder,
    @Inject(STEPS) private readonly steps: readonly SubscriptionDefinition[],
  ) {}

  static forRoot({ persistence, ...options }: WorkersModuleOptions): DynamicModule {
    const mongo = persistence === 'mongo';
    return {
      module: WorkersModule,
      imports: mongo ? [MongooseModule.forFeature([{ name: WORKER_MODEL, schema: workerSchema }])] : [],
      controllers: [
        ...[WorkersController, WorkerActionsController, WorkerReadsController],
        WorkerCredentialsController,
      ],
      providers: [
        ...HANDLERS,
        checkedProvider(ConnectionCallers, [MachineClock], (clock) => new ConnectionCallers(clock)),
        WorkerReconciler,
        WorkersSagas,
        WorkersSchedules,
        { provide: WORKERS_OPTIONS, useValue: options },
        { provide: WorkerGate, useClass: RepositoryWorkerGate },
        { provide: WorkerReadModel, useClass: mongo ? MongoWorkerReadModel : MemoryWorkerReadModel },
        ...persistenceProviders(),
      ],
      exports: [WorkersSchedules, WorkerGate],
    };
  }

  onModuleInit(): void {
    this.registry.register(WORKER_EVENTS, WORKER_UPCASTERS);
    this.holders.add(this.holder);
  }

  /** Serves only when the lists have caught up with what a crash left undone. */
  async onApplicationBootstrap(): Promise<void> {
    await this.store.sequence();
    await this.subscriptions.readAhead(this.projection.subscription);
    await this.subscriptions.add(this.projection.subscription);
    for (const step of this.steps) await this.subscriptions.add(step);
  }
}

function persistenceProviders(): Provider[] {
  return [
    {
      provide: WorkerProjection,
      inject: [WorkerReadModel, AggregateStores],
      useFactory: (readModel: WorkerReadModel, stores: AggregateStores) =>
        new WorkerProjection(readModel, stores.open(WORKER_DEFINITION)),
    },
    checkedProvider(
      WorkerSecretHolder,
      [WorkerReadModel, WorkerProjection, Subscriptions, ParkedStreams, EventStore],
      (readModel, { subscription: { name: subscription } }, subscriptions, parked, store) =>
        new WorkerSecretHolder({ readModel, subscription, subscriptions, parked, store }),
    ),
    {
      provide: STEPS,
      inject: [AggregateStores, Reservations, ComputeProvider, EventDecoder],
      useFactory: (
        stores: AggregateStores,
        reservations: Reservations,
        compute: ComputeProvider,
        decoder: EventDecoder,
      ) => {
        const aggregates = stores.open(WORKER_DEFINITION);
        return [freeWorkerKeys(aggregates, reservations), cancelSpotRequests(aggregates, compute)].map(
          (step) => processStep(step, decoder),
        );
      },
    },
    {
      provide: WorkerRepository,
      inject: [AggregateStores, WorkerReadModel, Reservations, WorkerProjection, EventBus],
      useFactory: (
        stores: AggregateStores,
        readModel: WorkerReadModel,
        reservations: Reservations,
        projection: WorkerProjection,
        bus: EventBus,
      ) => {
        const aggregates = stores.open(
          WORKER_DEFINITION,
          (_commit, _events, worker) => projection.put(worker),
          (_commit, events) => void bus.publishAll([...events]),
        );
        return new EventSourcedWorkerRepository(aggregates, readModel, reservations);
      },
    },
  ];
}
