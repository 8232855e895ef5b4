import { type CommandBus, type ICommand, type IQuery, type QueryBus } from '@nestjs/cqrs';
import { type Lease, type Turn } from '../../../src/event-store';
import { type ManualClock } from '../../../src/kernel/clocks';
import { systemContext } from '../../../src/kernel/command-context';
import { type IdSource } from '../../../src/kernel/ids';
import { GetActiveWorkersHandler } from '../../../src/workers/application/get-active-workers.query';
import {
  ReconcileFleet,
  ReconcileFleetHandler,
} from '../../../src/workers/application/reconcile-fleet.command';
import { RecordInstancesHandler } from '../../../src/workers/application/record-instances.command';
import { UpdateWorkerStatusHandler } from '../../../src/workers/application/update-worker-status.command';
import { WorkerReconciler } from '../../../src/workers/application/worker-reconciler';
import { type DriftPolicy } from '../../../src/workers/domain/worker-state';
import { EventSourcedWorkerRepository } from '../../../src/workers/persistence/event-sourced.worker-repository';
import { freeWorkerKeys } from '../../../src/workers/persistence/free-worker-keys.step';
import { WORKER_DEFINITION } from '../../../src/workers/persistence/worker-definition';
import { WorkerProjection } from '../../../src/workers/persistence/worker-projection';
import { FakeLabCensus } from '../../../src/workers/testing/fake-lab-census';
import { processStep, type SubscriptionDefinition } from '../../../src/event-store';
import { type Mortal } from './mortal';
import { personsCommands, type PersonsCommands } from './persons-commands';
import { type Outside, type Sweeper, sweeperOf } from './outside';
import { type Stores } from './stores';

const ENTRIES = 200;

export interface Surroundings {
  readonly stores: Stores;
  readonly outside: Outside;
  readonly clock: ManualClock;
  readonly ids: IdSource;
  readonly regions: readonly string[];
  readonly driftPolicy: DriftPolicy;
  readonly report: (error: unknown, during: string) => void;
}

/** One process of the fleet manager, as far as the life cycle of workers goes: the parts as Nest wires them. */
export class Incarnation {
  readonly commands: PersonsCommands;
  readonly workers: EventSourcedWorkerRepository;
  private readonly reconciler: WorkerReconciler;
  private readonly reconcile: ReconcileFleetHandler;
  private readonly sweeper: Sweeper;
  private readonly parts: ReturnType<Stores['seenBy']>;
  private readonly subscriptions: readonly SubscriptionDefinition[];
  private readonly works = new Set<Promise<void>>();

  constructor(
    readonly mortal: Mortal,
    private readonly given: Surroundings,
  ) {
    const { stores, outside, clock, ids, regions, driftPolicy, report } = given;
    const options = { regions, driftPolicy, forceOverdueStop: true };
    const parts = stores.seenBy(mortal, report);
    this.parts = parts;
    const compute = mortal.gate('EC2', outside.compute, ['prepareLaunch']);
    const projection = new WorkerProjection(parts.readModel, parts.aggregates.open(WORKER_DEFINITION));
    const aggregates = parts.aggregates.open(WORKER_DEFINITION, (_commit, _events, worker) =>
      projection.put(worker),
    );
    const workers = new EventSourcedWorkerRepository(aggregates, parts.readModel, parts.reservations);
    this.workers = workers;
    // no labs: what they hold up is not looked at here
    const census = new FakeLabCensus();
    this.reconciler = new WorkerReconciler(workers, compute, clock, clock, ids, options, census);
    // what the handlers do not look at is left out
    const workersOptions = { ...options, reconcileSeconds: 30, autostart: false };
    this.reconcile = new ReconcileFleetHandler(workers, this.reconciler, clock, clock, workersOptions);
    this.sweeper = sweeperOf({
      ...{ clock, regions, source: mortal.gate('EC2 in bulk', outside.source) },
      ...{ observations: parts.observations, history: parts.history, sweeps: parts.sweeps },
      commands: commandBus({
        RecordInstances: new RecordInstancesHandler(workers, clock, options),
        UpdateWorkerStatus: new UpdateWorkerStatusHandler(workers, clock),
      }),
      queries: queryBus({ GetActiveWorkers: new GetActiveWorkersHandler(workers) }),
    });
    this.commands = personsCommands(workers, compute, clock, census);
    const freeKeys = processStep(freeWorkerKeys(aggregates, parts.reservations), parts.decoder);
    this.subscriptions = [projection.subscription, freeKeys];
  }

  /** Keeps in mind what it works at, so that a process that stood still can be waited for. */
  working(work: Promise<void>): Promise<void> {
    this.works.add(work);
    const done = (): void => void this.works.delete(work);
    work.then(done, done);
    return work;
  }

  /** Resolves when it has nothing to do. */
  async atRest(): Promise<void> {
    while (this.works.size > 0) await Promise.allSettled(this.works);
  }

  /** What follows from the log: the lists, and what a process that died did not come to. */
  async followLog(): Promise<void> {
    const { stores } = this.given;
    await this.parts.store.sequence();
    for (;;) {
      const entries = await this.parts.store.readLog(stores.position, ENTRIES);
      for (const entry of entries) {
        for (const { handle } of this.subscriptions) await handle(entry);
        stores.position = Math.max(stores.position, entry.position);
      }
      if (entries.length < ENTRIES) return;
    }
  }

  async sweep(region: string, lease: Lease): Promise<void> {
    await this.sweeper.sweepRegion(region, lease, systemContext('telemetry', this.given.ids.next()));
  }

  async reconcileRegion(region: string, turn: Turn): Promise<void> {
    await this.reconcile.execute(new ReconcileFleet(region, turn));
  }

  /** What the saga does when an intent has changed. */
  reconcileAtOnce(workerId: string): Promise<void> {
    return this.reconciler.reconcile(workerId);
  }
}

type Handlers = Readonly<Record<string, { execute(message: never): Promise<unknown> }>>;

function commandBus(handlers: Handlers): CommandBus {
  return { execute: (command: ICommand) => handle(handlers, command) } as unknown as CommandBus;
}

function queryBus(handlers: Handlers): QueryBus {
  return { execute: (query: IQuery) => handle(handlers, query) } as unknown as QueryBus;
}

function handle(handlers: Handlers, message: object): Promise<unknown> {
  const handler = handlers[message.constructor.name];
  if (!handler) throw new Error(`nobody handles ${message.constructor.name}`);
  return handler.execute(message as never);
}
