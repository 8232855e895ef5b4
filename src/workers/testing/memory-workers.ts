import {
  AggregateStores,
  type CommitSeal,
  EventRegistry,
  type EventStore,
  processStep,
} from '../../event-store';
import { MemoryReservations } from '../../event-store/memory/memory-reservations';
import { MemorySnapshotStore } from '../../event-store/memory/memory-snapshot-store';
import { memoryStore } from '../../event-store/testing/memory-store';
import { type CommandContext } from '../../kernel/command-context';
import { type DomainEvent } from '../../kernel/domain-event';
import { type ManualClock } from '../../kernel/clocks';
import { CmlWorker, type NewWorker } from '../domain/cml-worker';
import { plainLaunch } from '../domain/launch-settings';
import { type WorkerReadModel } from '../domain/ports';
import { WORKER_EVENTS } from '../domain/worker-events';
import { EventSourcedWorkerRepository } from '../persistence/event-sourced.worker-repository';
import { freeWorkerKeys } from '../persistence/free-worker-keys.step';
import { WORKER_DEFINITION } from '../persistence/worker-definition';
import { WorkerProjection } from '../persistence/worker-projection';
import { MemoryWorkerReadModel } from '../persistence/worker.memory-read-model';

/** Workers over a store in memory, with all that happened to them. */
export function memoryWorkers() {
  const { store, seal, clock } = memoryStore();
  return workersOver({ store, seal, clock }, new MemoryWorkerReadModel());
}

/** The same over any store. */
export function workersOver<R extends WorkerReadModel>(
  { store, seal, clock }: { store: EventStore; seal: CommitSeal; clock: ManualClock },
  readModel: R,
) {
  const decoder = new EventRegistry();
  decoder.register(WORKER_EVENTS);
  const stores = new AggregateStores({
    store,
    seal,
    decoder,
    snapshots: new MemorySnapshotStore(),
    report: (error) => {
      throw error;
    },
    random: () => 0,
    pause: () => Promise.resolve(),
  });
  const projection = new WorkerProjection(readModel, stores.open(WORKER_DEFINITION));
  const events: DomainEvent[] = [];
  const aggregates = stores.open(
    WORKER_DEFINITION,
    (_commit, _events, worker) => projection.put(worker),
    (_commit, stored) => void events.push(...stored),
  );
  const reservations = new MemoryReservations(clock);
  const repository = new EventSourcedWorkerRepository(aggregates, readModel, reservations);
  const freeKeys = processStep(freeWorkerKeys(aggregates, reservations), decoder);
  return { repository, readModel, reservations, aggregates, store, seal, clock, events, freeKeys, decoder };
}

/** Commands of a person, with the ids `command-1`, `command-2`, … */
export function commandsOf(actor = 'user:ann') {
  let count = 0;
  return (reason: string | null = null): CommandContext => {
    count += 1;
    return { actor, reason, correlationId: 'c-1', causationId: null, commandId: `command-${count}` };
  };
}

export function aNewWorker(id: string, given: Partial<NewWorker> & { createdAt: Date }): CmlWorker {
  return CmlWorker.create(id, {
    name: `worker-${id}`,
    awsRegion: 'eu-west-1',
    instanceType: 'c5.2xlarge',
    amiId: null,
    amiName: 'cml-*',
    cmlVersion: null,
    tags: {},
    launch: plainLaunch(given.instanceType ?? 'c5.2xlarge'),
    driftPolicy: null,
    desired: {
      state: 'RUNNING',
      by: 'user:ann',
      reason: null,
      at: given.createdAt,
      decisionId: null,
      sendBefore: null,
    },
    createdBy: 'user:ann',
    ...given,
  });
}
